//! Every problem that a file may have, by its code. Codes are written out, and one that was given is never given again.

/// One row of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// `E0107`: `E` for errors, `W` for warnings, `N` for notes.
    pub code: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Why it is a problem.
    pub explanation: &'static str,
    /// How it is mended, by example.
    pub fix: &'static str,
}

macro_rules! catalogue {
    ($($code:literal $title:literal: $explanation:literal; $fix:literal.)+) => {
        /// The catalogue, by code.
        pub static CATALOGUE: &[Entry] = &[
            $(Entry { code: $code, title: $title, explanation: $explanation, fix: $fix }),+
        ];
    };
}

/// How an error is mended that says no fix of its own: that of its code.
#[must_use]
pub fn help(code: &str) -> String {
    let fix = CATALOGUE.iter().find(|entry| entry.code == code).map_or("", |entry| entry.fix);
    if fix.starts_with('`') && fix.contains('→') { format!("for example {fix}") } else { fix.to_owned() }
}

catalogue! {
    "E0101" "file cannot be read": "A file does not exist, is a directory, or may not be read. Paths are relative to the file that names them"; "check the path".
    "E0102" "not UTF-8": "Scenario files, templates and traces are UTF-8, with or without a byte order mark, or the UTF-16 that PowerShell writes"; "save the file as UTF-8".
    "E0103" "not YAML": "The text breaks the syntax of YAML; reading stops at the place shown"; "mind the indentation, and put a text that holds `: ` or `#` in quotes".
    "E0104" "not JSON": "The text breaks the syntax of JSON. In Azure's files comments, trailing commas, strings over several lines and a byte order mark are tolerated, as by Azure; in a scenario they are not"; "put a comma between entries, and close every text, list and object; write a scenario as YAML, which has comments".
    "E0105" "key stands twice": "A mapping has the same key twice, so one of the two values would be lost"; "keep one of the two".
    "E0106" "too large or too deep": "The file, with its aliases written out, passes the limits that keep a hostile file from filling the memory"; "put large resources into a file of their own, and name it by `template` or `file`".
    "E0107" "unknown key": "The key means nothing at this place. A typo would otherwise silently fall back to a default"; "`capcity: 3` → `capacity: 3`".
    "E0108" "wrong kind of value": "A mapping stands where a list is expected, a word where a number is, and the like"; "write the kind of value that the message names: `serves: process` → `serves: [process]`".
    "E0109" "key is missing": "The mapping cannot be understood without this key"; "add it; the reference of scenario keys says what it means".
    "E0110" "out of range": "The number is outside what the key or Azure allows"; "write a number of the range that the message names".
    "E0111" "quantity not understood": "A duration, share, rate, instant or time of day is malformed, negative or without its unit. Units are never guessed"; "`after: 30` → `after: 30s`; `touches: 20` → `touches: 20%`; `demand: 300` → `demand: 300 rps`".
    "E0112" "unknown word": "The key takes one of a few words, and this is none of them"; "`connections: keepalive` → `connections: keepAlive`".
    "E0113" "one of several": "Exactly one of these keys must be given: each says the same thing another way, or a different thing"; "one `setCapacity` or one `releaseCode` an entry of the timeline".
    "E0114" "YAML that is not read": "Tags, keys that are lists or mappings, and several documents in a file have no meaning here"; "leave the tag out; write one file a scenario".
    "E0115" "times do not rise": "Steps, points and rows of a trace must come in the order of time, and begin with the start of the run"; "begin with `at: PT0S`".
    "E0116" "trace cannot be read": "A demand trace is a CSV file with the columns `time` and `rps`, one row an instant; between rows demand is interpolated linearly"; "`time,rps` / `0,120` / `PT5M,300`".
    "E0117" "control character": "A text holds a character that steers a terminal or hides what is written (an escape, a carriage return, a change of the direction of writing). Names and titles are shown on terminals, in logs and in pictures, so none may hold one"; "leave the character out".
    "E0118" "unknown format": "The file names a version of the format that this program does not read"; "`windtunnel: 1`".
    "E0190" "not supported": "The key was part of the format once, and nothing acts on it. Running without it would answer another question than the one asked"; "leave it out; the message says why".
    "E0201" "unknown scale set": "No resource of type Microsoft.Compute/virtualMachineScaleSets has this name"; "`scaleSet: vmss-wbe` → `scaleSet: vmss-web`".
    "E0202" "unknown condition": "A condition is `process`, `warm`, `current`, `{ code: c42 }`, or a name from `application.dependencies`"; "declare it: `dependencies: [hsm]`".
    "E0203" "unknown release": "The release of the code is not in `application.releases`"; "add it to `releases`, oldest first".
    "E0204" "unknown pipeline": "No pipeline of this name is declared under `pipelines`"; "`pipeline: deply` → `pipeline: deploy`".
    "E0205" "unknown load balancer or pool": "No load balancer or backend pool has this name"; "name the load balancer, or `balancer/pool`".
    "E0206" "unknown image": "The scale set refers to a version that its image does not declare"; "declare the version under `images`".
    "E0207" "unknown extension": "No scale set has an extension of this name"; "name an extension of an `extensionProfile`".
    "E0208" "unknown measure": "The expectation asks for a measure that does not exist"; "`blast_radius.request_pct` → `blast_radius.requests_pct`".
    "E0209" "unknown policy": "No policy of this name is declared under `policies`; `as-written` always exists"; "name a declared policy, or `all`".
    "E0210" "unknown assumption": "No assumption has this key"; "`windtunnel assumptions` lists them".
    "E0211" "assumption out of range": "The value has the wrong kind for this assumption, or is outside its range"; "`windtunnel assumptions KEY` shows the kind and the range".
    "E0212" "name used twice": "Two things of one kind have the same name, so a reference to it would be ambiguous"; "rename one of them".
    "E0213" "too many": "There are more things of a kind than one plan can hold"; "the message names the limit".
    "E0214" "ambiguous name": "Several load balancers have a pool or a probe of this name, or one leads to several pools, each with traffic of its own"; "`lb-web:` → `lb-web/blue:`, `id: up` → `id: lb-web/up`".
    "E0215" "expectation cannot be checked": "The value or the comparison does not suit the measure"; "compare a share with a share: `atMost: 1%`".
    "E0217" "endpoint not described": "A probe asks for a path of which the scenario does not say what the application answers"; "`endpoints: { /healthz: [{ when: process, answer: 200 }] }`".
    "E0221" "unknown region": "No scale set lives in a region of this name, and `regions` does not list it"; "list it: `regions: { westus: {} }`".
    "E0222" "unknown image template": "No template of this name is declared under `imageBuilders`"; "`builder: nigthly` → `builder: nightly`".
    "E0223" "image is not there": "A scale set has instances when the run begins, and in its region stands no version that they could have been created from"; "name the region under `replicatedTo` of the version, or refer to one that stands there".
    "E0224" "unknown zone": "No scale set is in this availability zone"; "name one that a scale set lists under `zones`: `zone: 1`, or `zone: eastus/1`".
    "E0230" "unknown entry of the timeline": "An expectation names an instant by an entry of the timeline that is not there, or not under a policy for which it must hold"; "`at: scale uot` → `at: scale out`, or `at: PT14M`".
    "E0301" "patch matches nothing": "The first key of a policy's patch is the name of a resource or a key of the scenario file"; "`vmss-wbe:` → `vmss-web:`".
    "E0302" "patch changes nothing": "The policy would be the scenario as written under another name, and a comparison would prove nothing"; "change a value, or leave the policy out".
    "E0303" "name is taken": "`as-written` is the name of the empty patch, and `all` of every policy"; "choose another name".
    "E0304" "nothing to remove": "`$remove: true` or `null` names something that is not there"; "check the name".
    "E0305" "cannot be changed": "Azure fixes this property when the scale set is created, so no policy can change it on a fleet that exists"; "write the other value into the scenario itself".
    "E0306" "patch of another kind": "The patch would put one thing in the place of another, a value in the place of a mapping"; "give the whole path of keys".
    "E0402" "file is empty": "There is nothing in the file but white space or comments"; "write a template, or what `az vmss show` prints, into it".
    "E0405" "not a file that describes a fleet": "The file is well formed, but describes something else than a resource: an instance view, a status, a log, a parameter file. The message says what it is"; "give a template, or what `az vmss show` and `az network lb show` print".
    "E0406" "Terraform": "Terraform configurations, plans and states are not read. Export the deployed resources instead, with `az vmss show` and `az network lb show`"; "`az vmss show --name vmss-web --resource-group rg-web > vmss-web.json`".
    "E0407" "another language": "The file is YAML, Bicep, Terraform or XML and not JSON. Bicep is compiled to a template with `az bicep build`"; "`az bicep build --file web.bicep` makes a template of Bicep".
    "E0408" "key nearly right": "A key that Azure does not have stands where one with nearly the same letters is meant. Azure ignores or refuses it, so the setting would not be what its author thinks"; "`upgradPolicy` → `upgradePolicy`".
    "E0409" "value nearly right": "One of Azure's files has a value that Azure does not know, where one with nearly the same letters is meant"; "`mode: Roling` → `mode: Rolling`".
    "E0410" "not a parameters file": "A parameters file holds `parameters`, an object whose entries have a `value` or a `reference`"; "`{ \"parameters\": { \"capacity\": { \"value\": 3 } } }`".
    "E0411" "no such parameter": "`set` names a parameter that the template does not declare"; "name a parameter of the template".
    "E0412" "parameter value not accepted": "The value given for a parameter is not of its type, or not among its `allowedValues`. Azure would refuse the deployment"; "give a value that the declaration of the parameter accepts".
    "E0413" "expression cannot be parsed": "A string that begins with `[` and ends with `]` is an expression of the template language. A string meant literally begins with `[[`"; "`[parameters('a'` → `[parameters('a')]`".
    "E0414" "parameter or variable not defined": "The template refers to a parameter or variable that it does not declare"; "declare it in the template, or mend its name".
    "E0415" "definitions in a circle": "A variable or parameter default refers to itself, directly or through others"; "give one of them a value of its own".
    "E0416" "expression too large": "The value of an expression is nested too deeply, repeats too often or grows too large. A `copy` runs at most 800 times, as in Azure"; "give the parameter that decides the number with `set`".
    "E0501" "refused by the platform": "Azure would refuse this request, or says that it does not support the combination. The message names the rule of the rulebook"; "`windtunnel rules ID` explains it".
    "E0502" "resource is incomplete": "The resource lacks something without which it means nothing here, such as its name or its type"; "give every resource `type` and `name`".
    "E0503" "value not understood": "A property of a resource, in the scenario itself, in a policy or in a write of the timeline, has a value of the wrong kind"; "write what the message asks for: `capacity: two` → `capacity: 2`".
    "E0504" "unresolved reference": "A resource refers to another one that is not in the scenario"; "add it to `resources`, or refer to it by its plain name".
    "E0505" "not modelled": "The resources say something that the simulator cannot represent, and guessing would answer another question"; "the message names what it is".
    "E0510" "automatic OS upgrade of a pinned version": "Azure refuses automatic OS upgrade of a set whose model names a version: there would be no newest one to go to"; "`imageReference: { id: web/1.0.0 }` → `{ id: web }`, or `version: latest` of a platform image".
    "E0511" "automatic OS upgrade without a health source": "Azure refuses automatic OS upgrade where nobody says whether an upgraded instance is healthy"; "add an Application Health extension".
    "E0512" "automatic OS upgrade with two health sources": "Azure refuses automatic OS upgrade of a set with a health probe and the Application Health extension"; "keep one of the two".
    "E0513" "mode Rolling without a health source": "Azure refuses mode Rolling where nobody says whether an instance is healthy"; "add an Application Health extension, or name a probe in `networkProfile.healthProbe` of a Uniform set".
    "E0514" "health probe out of reach": "Azure takes a probe as health source only if the set is in a pool of the balancer that has it, and a rule uses it"; "name the pool in `loadBalancerBackendAddressPools`, and the probe in a rule".
    "E0515" "automatic OS upgrade of an image that has no versions": "Azure upgrades sets from the marketplace and from a Compute Gallery only, and no managed image and no disk in a storage account"; "put the image into a gallery".
    "E0519" "acceptance that nothing needs": "`accept` states that a resource is in a state which Azure would refuse, and Azure would not refuse it by this rule"; "take it out".
    "E0520" "cannot be accepted": "`code` of an acceptance is a rule of the rulebook by which Azure refuses something, and a rule by which no fleet can be otherwise cannot be accepted"; "`code: OS-01`, as it stands at the end of the refusal".
    "E0555" "no custom data": "The scenario says what cloud-init does with the custom data of a scale set whose model has none, so that it would run nothing"; "`osProfile: { customData: I2Nsb3VkLWNvbmZpZwo= }`".
    "E0571" "nothing to choose from": "Automatic zone placement spreads a set over two zones at least, and what is included and excluded leaves fewer"; "`placement: { zonePlacementPolicy: Auto, includeZones: [\"1\", \"2\"] }`".
    "E0590" "baseline of too many runs": "A baseline says how many runs it is of, and a test makes as many. More than 1,000,000 of each policy are never made"; "make the baseline anew with `--update-baseline --replications 1000`".
    "E0595" "more than a run may have": "A fault or a job comes so often that its entries alone are more than the ledger of a run may have. Such a run would end for want of memory"; "`every: PT0.001S` → `every: PT10M`, a shorter `horizon`, or `limits: { entries: 100000000 }`".
    "E0596" "nothing between one and the next": "What comes again and again needs a length between one and the next, and this one begins at zero"; "`every: { uniform: { min: PT0S, max: PT10M } }` → `every: { uniform: { min: PT1M, max: PT10M } }`".
    "E0597" "run stopped": "A run came to more entries or events than it may, and was stopped before its end. Nothing is written of it, since what it did not come to would be missing"; "let what the message names come more seldom, shorten `horizon`, or raise the limit under `limits`".
    "E0601" "folder of another format": "The folder of a run is repeated from its `plan.json`, and this one was written in a format that this program does not read"; "run the scenario again with this program".
    "E0602" "folder of another build": "What a run comes to may change with every build of the model. `plan.json` says by which version, and of which sources (a hash made when the program was built), the run was made; another one would explain another run"; "run the scenario again with this program, or ask the one that made the folder".
    "E0603" "another run than that of the folder": "What `plan.json` says is not what `summary.json` has of the run, or the run was repeated from it and came to another digest: one of the two files was changed since, or they are of two runs"; "run the scenario again".
    "E0604" "not whole": "A file of the folder of a run lacks what the run is repeated from"; "run the scenario again".
    "E0605" "not a scenario": "The file has none of the keys that every scenario has. It may be anything, a key or a password: of a file that is not what it should be (a scenario, a file of Azure's, a trace, a plan) messages name the path and what was expected, and show none of its text"; "name a scenario; one begins with `windtunnel: 1`".
    "E0608" "lasts no time": "Something on the timeline, or a fault, lasts no time, or may: what is over as it begins would harm people and not be seen"; "`for: PT0S` → `for: PT10M`; without `for` it lasts to the end".
    "W0201" "pool without members": "No scale set puts its instances into the backend pool, so that every request to it fails"; "name the pool in `loadBalancerBackendAddressPools` of a network interface".
    "W0203" "not acted on in this release": "The resource asks for a service of Azure that this release does not model; the run goes on as if it were not there"; "nothing to mend; read the verdict with that in mind".
    "W0204" "after the horizon": "The entry of the timeline comes after the end of the run and never happens"; "raise `horizon`".
    "W0205" "users without rate": "Users are counted for entry points with traffic only"; "give the entry point traffic".
    "W0206" "one probe a pool": "The rules of a balancer lead to one pool with different probes. One probe a pool is modelled, that of the first rule"; "leave out the rules that carry no traffic of interest".
    "W0207" "load balancer is not here": "What Azure prints of a scale set leads to a load balancer by its id, and the scenario does not have it. Its probes and the rotation they decide are not simulated"; "add what `az network lb show` prints to `resources`".
    "W0208" "assumption without effect": "The assumption is known, and nothing in this release reads it: overriding it changes nothing"; "remove it, or wait for the release that models what it bears on".
    "W0210" "scaled resource is not here": "The autoscale setting scales a resource that the scenario does not have, or that is not modelled. It is not acted on"; "add the scale set, or name it in `targetResourceUri`".
    "W0211" "autoscale is not said to be on": "The setting does not say whether it is enabled. The default of the API changed from true to false, and it is taken to be off"; "`enabled: true`".
    "W0212" "metric is not given": "A rule of autoscale reads a metric that the scenario does not give. It is missing throughout, so that the set scales out to the default of its profile and never in (AS-16)"; "`metrics: { ActiveMessageCount: { value: 50 } }`".
    "W0213" "load of processors is not known": "Rules read `Percentage CPU`, which follows the load as a share of the capacity of an instance, and the scenario does not give that"; "`application: { capacity: 250 rps }`".
    "W0215" "quota without effect": "No scale set in the region has a size of this family, so the quota limits nothing"; "`families: { Dsv5: 40 }` → `families: { Dasv5: 40 }`".
    "W0401" "function not evaluated": "The function asks a running Azure, or is not known. The field counts as absent; give the parameter it comes from with `set`, or the field in a policy"; "give the parameter with `set: { name: value }`, or the field in a policy".
    "W0402" "function cannot be applied": "A function of the template language was given arguments it does not accept. The field counts as absent"; "mend the expression, or give the parameter it reads with `set`".
    "W0403" "property not there": "An expression looks up a property or index that its object or list does not have. The field counts as absent"; "mend the expression, or give the parameter it reads with `set`".
    "W0405" "value makes no sense": "A value in one of Azure's files is not what its property needs (a duration, a number, one of a few words). It counts as absent, so the default applies. In a scenario itself it is an error, E0503"; "write a value of the kind that the message names".
    "W0406" "key in the wrong place": "A setting stands beside `properties` that Azure has inside. It is not applied"; "move the key into `properties`".
    "W0407" "two resources of one name": "Two resources of the same type have the same name. References to it mean the first"; "rename one of them".
    "W0408" "nothing to simulate": "The file was understood, but holds no resource that Windtunnel models"; "give the file that holds the scale set".
    "W0409" "child without its parent": "A child resource belongs to a parent that this file does not hold, so it has no effect"; "give the file of the parent, and add the child there".
    "W0410" "condition not resolved": "Whether a resource is deployed depends on something not known here. It counts as deployed"; "give the parameters that the condition reads with `set`".
    "W0411" "parameter not declared": "The parameters file gives a parameter that the template does not declare. Azure would refuse the deployment"; "take it out of the parameters file, or declare it".
    "W0501" "without effect on the platform": "Azure accepts the property and does nothing with it, or the combination turns something off. The message names the rule"; "`windtunnel rules ID` explains it".
    "W0510" "write that Azure refuses": "An entry of the timeline writes what Azure does not accept. In the run it is refused: the fleet stays as it was, and the ledger has the answer"; "mend the write, or leave it where the refusal is what the story is about".
    "W0511" "setting that can matter": "The setting can change what a rollout does, or what users meet, and this release does not act on it; the run goes on as if it had not been written"; "read the run with that in mind".
    "W0512" "health probe that names nothing": "`networkProfile.healthProbe` has no id, or its value could not be worked out. It is no health source"; "`healthProbe: { id: lb-web/ready }`".
    "W0513" "probe that no rule uses": "A probe of a balancer asks nobody unless a load-balancing rule names it, and decides nothing"; "`probe: { id: ready }` in the rule".
    "W0514" "resource that can matter": "The resource stands between users and the fleet, or decides what the fleet gets, and is not modelled: Application Gateway, Traffic Manager, Front Door, reservations and groups"; "read the run with that in mind".
    "W0553" "extension installs nothing": "`installs` hangs on the properties of the extension, and none of its rows holds of these properties: settings, version or `forceUpdateTag` are others"; "`installs: [{ when: { settings: { commandToExecute: ./install r42 } }, code: r42 }]`".
    "W0554" "answer without a body": "An answer with status 204, 304 or below 200 has no body, so that nobody reads the health that the scenario puts into it"; "`answer: { status: 204, healthState: Healthy }` → `answer: { status: 200, healthState: Healthy }`".
    "W0555" "health is never said": "Version 2 of the Application Health extension takes a success for healthy only where the body says `ApplicationHealthState` (HD-21). The endpoint never does, so that every instance is Unknown from the start: gates count it as unhealthy, and repairs and upgrades do what they do then"; "`answer: 200` → `answer: { status: 200, healthState: Healthy }`, or `typeHandlerVersion: \"1.0\"`".
    "W0556" "rules of one pool differ": "Two rules of a balancer lead to one pool, and say different things of connections: whom a client is led to, when an idle flow is dropped, whether that is said. One kind of connection a pool is modelled, that of the first rule"; "write the same into both rules, or give each a pool of its own".
    "W0559" "whose numbers an OS upgrade uses": "The set has a rolling upgrade policy of its own and enables automatic OS upgrade without `useRollingUpgradePolicy: true`. One page says that the policy is always used, another that the flag is needed; the message says which one the run follows (OS-21)"; "`automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true, useRollingUpgradePolicy: true }`".
    "W0560" "OS upgrade that never begins": "Automatic OS upgrade is enabled on a set on which it does not work, and Azure says nothing of it: no version is ever rolled out, and a run in which nothing changes harms nobody. The message names the rule"; "the message says what to change".
    "W0562" "pool of Spot instances": "Azure evicts machines of a standby pool as it does instances, and replaces them. In a run the machines of a pool stay until they are taken"; "read how long the pool lasts with that in mind".
    "W0563" "set of the pool is not here": "The standby pool is attached to a scale set that the scenario does not have. It is not acted on"; "add the scale set, as `az vmss show` prints it".
    "W0565" "latest by its number": "The model of a set names `versions/latest` of a gallery image. Azure's refusal of pinned versions asks for a version set to latest, and an article calls the same a value of create time; nothing read decides it. The message says which reading the run follows (GA-25)"; "`id: …/images/web` follows what is latest, `id: …/images/web/versions/1.0.0` does not".
    "W0577" "extension that Azure upgrades": "The extension has `enableAutomaticUpgrade`: Azure puts a newer version of it on the instances in batches when its publisher releases one (OS-33), and nobody schedules that. Only the timeline can say when, and here it does not, so that the version stays"; "`{ at: PT1H, publishExtension: { scaleSet: web, extension: monitor, version: \"1.1\" } }`".
    "W0578" "simulated eviction of a regular set": "Only Spot instances can be evicted. Azure refuses `simulateEviction` on another instance (SP-19), so that the entry of the timeline does nothing but be refused"; "`priority: Spot` in the profile of the set, or `deleteInstances` in place of the call".
    "W0590" "instance that is not there": "An entry of the timeline, or a fault, names an instance by a number that its set does not come to, as far as the plan knows: instances are numbered from 0 in the order in which they are created. It would hit nobody, and nobody would be harmed"; "of a set of 3, `instances: [7]` → `instances: [2]`, or `instances: one`".
    "N0301" "image is assumed": "The model refers to an image that `images` does not declare; it is assumed to carry the newest release"; "declare it under `images`".
    "N0302" "mode is assumed": "A body without `orchestrationMode` is a Uniform scale set; only the command line makes Flexible ones by default"; "write `orchestrationMode`".
    "N0303" "kept for a later release": "The key is understood and kept, and has no effect yet"; "nothing to mend".
    "N0304" "extension takes no time": "The scenario does not say what an extension of the model does, so it takes no time and changes nothing"; "`extensions: { install-web: { duration: PT4M } }`".
    "N0306" "key stands twice in a template": "Azure takes the last one, and so does this program"; "keep one of the two".
    "N0308" "answer of a probe is assumed": "The scenario has no `application`, so every path that a probe asks for answers 200 while the process is up"; "`application: { endpoints: { /healthz: [{ when: warm, answer: 200 }] } }`".
    "N0401" "resources not modelled": "The types of resources that were met and that play no part in a simulation, with how many of each"; "nothing to mend".
    "N0402" "keys ignored": "The settings of a resource that play no part in a simulation"; "nothing to mend".
    "N0403" "placeholder for a parameter": "A parameter without default and value was used. It got its first allowed value, its smallest value, or one by its type. Give the real one with `parameters` or `set`"; "`parameters: web.parameters.json`, or `set: { capacity: 3 }`".
    "N0404" "stand-in for the environment": "A function asks where the template is deployed. It got a fixed answer; give the real one with `set`"; "`set: { resourceGroup.location: westeurope }`".
    "N0405" "linked template not followed": "A deployment links to another file by address. Load that file as well if it holds resources you need"; "name the linked file as a resource of its own".
    "N0407" "name or type assumed": "A body gives no name or type of its own. It was taken from its id, its fields or the name of the file"; "write `name` and `type`".
    "N0409" "values not resolved": "Expressions in fields that a simulation only compares or shows were not resolved; the fields count as absent"; "give the parameters that the expressions read with `set`".
    "N0410" "entries passed over": "A list holds, beside resources, entries that describe something else"; "nothing to mend".
    "N0411" "existing resources not read": "A template refers to resources that exist already. Their settings are elsewhere"; "name the file of the existing resource as well".
}

/// The row of a code.
#[must_use]
pub fn entry(code: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.code.eq_ignore_ascii_case(code))
}

/// The page `docs/problems.md`.
#[must_use]
pub fn page() -> String {
    let mut text = String::from(
        "# Problems\n\n<!-- Generated from input/src/catalogue.rs; `UPDATE=1 cargo test --test docs_problems` writes it anew. -->\n\n\
         What a file may get wrong. `E` is an error: the file cannot be run. `W` is a warning: it can, and may say something\n\
         its author does not mean. `N` is a note: something was assumed or left out.\n",
    );
    for entry in CATALOGUE {
        text += &format!("\n## {}: {}\n\n{}.\n\nMend it: {}.\n", entry.code, entry.title, entry.explanation, entry.fix);
    }
    text
}
