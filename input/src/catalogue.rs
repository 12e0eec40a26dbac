//! Every problem that a file may have, by its code. Codes are written out, and one that was given is never given again.

/// One row of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// `E0107`: `E` for errors, `W` for warnings, `N` for notes.
    pub code: &'static str,
    /// The title, in a few words.
    pub title: &'static str,
    /// Why it is a problem.
    pub explanation: &'static str,
    /// How to fix it, by example.
    pub fix: &'static str,
    /// The names in the file are known all the same: a bad number or a missing unit hides none. So the search goes on behind it for
    /// names that are unknown.
    pub keeps_names: bool,
}

macro_rules! catalogue {
    (@keeps) => { false };
    (@keeps keeps_names) => { true };
    ($($code:literal $($names:ident)? $title:literal: $explanation:literal; $fix:literal.)+) => {
        /// The catalogue, by code.
        pub static CATALOGUE: &[Entry] = &[
            $(Entry {
                code: $code,
                title: $title,
                explanation: $explanation,
                fix: $fix,
                keeps_names: catalogue!(@keeps $($names)?),
            }),+
        ];
    };
}

/// The help of an error that has none of its own: the fix of its code.
#[must_use]
pub fn help(code: &str) -> String {
    let fix = CATALOGUE.iter().find(|entry| entry.code == code).map_or("", |entry| entry.fix);
    if fix.starts_with('`') && fix.contains('→') { format!("for example {fix}") } else { fix.to_owned() }
}

catalogue! {
    "E0101" "file cannot be read": "The file does not exist, is a directory, or may not be read. Paths are relative to the file that names them"; "check the path".
    "E0102" "not UTF-8": "Scenario files, templates and traces must be UTF-8, with or without a byte order mark, or UTF-16 as PowerShell writes it"; "save the file as UTF-8".
    "E0103" "not YAML": "The text is not valid YAML; reading stops at the place shown"; "check the indentation, and put a text that contains `: ` or `#` in quotes".
    "E0104" "not JSON": "The text is not valid JSON. Azure's files may have comments, trailing commas, strings over several lines and a byte order mark, since Azure accepts them; a scenario in JSON may not"; "put a comma between entries, and close every text, list and object; or write the scenario as YAML, which has comments".
    "E0105" keeps_names "duplicate key": "A mapping has the same key twice, so one of the two values would be lost"; "keep one of the two".
    "E0106" "too large or too deep": "The file, with its aliases expanded, exceeds a limit. The limits protect the memory from hostile files"; "move large resources to a file of their own, and name it with `template` or `file`".
    "E0107" "unknown key": "There is no such key at this place. If a misspelt key were ignored, the default would apply without notice"; "`capcity: 3` → `capacity: 3`".
    "E0108" "wrong kind of value": "The key needs another kind of value: for example a list and not a mapping, or a number and not a word"; "write the kind of value that the message names".
    "E0109" keeps_names "missing key": "The mapping needs this key"; "add the key; docs/scenario.md explains it".
    "E0110" keeps_names "out of range": "The number is outside what the key or Azure allows"; "write a number of the range that the message names".
    "E0111" keeps_names "invalid quantity": "A duration, share, rate, instant or time of day is malformed, negative or has no unit. Units are never guessed"; "`after: 30` → `after: 30s`; `touches: 20` → `touches: 20%`; `demand: 300` → `demand: 300 rps`".
    "E0112" keeps_names "unknown word": "The key accepts only the words that the message lists"; "`connections: keepalive` → `connections: keepAlive`".
    "E0113" keeps_names "exactly one of several keys": "Exactly one of these keys must be given"; "give one of the keys that the message lists".
    "E0114" "unsupported YAML": "Tags, keys that are lists or mappings, and several documents in one file are not supported"; "remove the tag; write one scenario per file".
    "E0115" "times not in order": "Steps, points and rows of a trace must be in the order of time, and the first must be at the start of the run; what ends must have begun before"; "begin with `at: PT0S`; end after the beginning".
    "E0116" keeps_names "trace cannot be read": "A demand trace is a CSV file with the columns `time` and `rps` and one row per instant: seconds or a duration since the start, or a civil time as Azure exports it. Between two rows the demand is interpolated linearly"; "`time,rps` / `0,120` / `PT5M,300`".
    "E0117" "control character": "A text contains a character that controls a terminal or hides text (an escape, a carriage return, a change of writing direction). Names and titles appear on terminals, in logs and in plots, so they may not contain one"; "remove the character".
    "E0118" "unknown format version": "The file names a version of the format that this program does not read"; "`windtunnel: 1`".
    "E0190" keeps_names "not supported yet": "The key is reserved for a later release. A run without it would answer another question than the scenario asks"; "remove it, or wait for the release".
    "E0201" "unknown scale set": "The scenario has no scale set of this name"; "`scaleSet: vmss-wbe` → `scaleSet: vmss-web`".
    "E0202" "unknown condition": "A condition must be `process`, `warm`, `current`, `{ code: c42 }`, or a name from `application.dependencies`"; "declare it: `dependencies: [hsm]`".
    "E0203" "unknown release": "`application.releases` does not have this release of the code"; "add it to `releases`, oldest first".
    "E0204" "unknown pipeline": "`pipelines` does not declare a pipeline of this name"; "`pipeline: deply` → `pipeline: deploy`".
    "E0205" "unknown load balancer or pool": "No load balancer, rule, frontend or backend pool has this name, and no listener of an application gateway"; "name the load balancer, `balancer/rule`, `balancer/pool` or `gateway/listener`".
    "E0206" "unknown image version": "The scale set refers to a version that its image does not declare"; "declare the version under `images`".
    "E0207" "unknown extension": "No scale set has an extension of this name"; "name an extension of an `extensionProfile`".
    "E0208" "unknown measure": "The expectation names a measure that does not exist"; "`blast_radius.request_pct` → `blast_radius.requests_pct`".
    "E0209" "unknown policy": "`policies` does not declare a policy of this name. `as-written` always exists"; "name a declared policy, or `all`".
    "E0210" "unknown assumption": "No assumption has this key"; "`windtunnel assumptions` lists them".
    "E0211" "invalid value of an assumption": "The value is of the wrong kind for this assumption, or outside its range"; "`windtunnel assumptions KEY` shows the kind and the range".
    "E0212" "duplicate name": "Two items of one kind have the same name, so a reference to it would be ambiguous"; "rename one of them, a resource of a file with `overlay: { web: { name: web-2 } }`".
    "E0213" "too many items": "There are more items of a kind than one plan can hold"; "the message names the limit".
    "E0214" "ambiguous name": "Several resources, load balancers for example, have this name, or a pool or a probe of it, or the rules of one lead to different backends, by different probes, or differ in how they treat connections: then each is an entry point with its own traffic. A public IP of a gateway may be that of several listeners"; "`lb-web:` → `lb-web/http:`, `id: up` → `id: lb-web/up`".
    "E0215" "expectation cannot be checked": "The value or the comparison does not fit the measure"; "compare a share with a share: `atMost: 1%`".
    "E0217" "endpoint not described": "A probe requests a path, and the scenario does not say what the application answers there"; "`endpoints: { /healthz: [{ when: process, answer: 200 }] }`".
    "E0221" "unknown region": "No scale set is in a region of this name, and `regions` does not list it"; "list it: `regions: { westus: {} }`".
    "E0222" "unknown image template": "`imageBuilders` does not declare a template of this name"; "`builder: nigthly` → `builder: nightly`".
    "E0223" "image not in the region": "A scale set has instances when the run starts, but its region has no version of the image from which they could have been created"; "add the region to `replicatedTo` of the version, or refer to a version that is in the region".
    "E0224" "unknown zone": "No scale set is in this availability zone"; "name one that a scale set lists under `zones`: `zone: 1`, or `zone: eastus/1`".
    "E0230" "unknown entry of the timeline": "An instant refers to an entry of the timeline that does not exist, or not under one of the policies of an expectation"; "`at: scale uot + 2m` → `at: scale out + 2m`, or `at: PT14M`, `at: 09:14`".
    "E0231" "no query in a user's request": "A condition looks at the query of who asks. Probes have one where their path has; what users ask for is not described"; "write the condition under `endpoints`, for the path that a probe requests".
    "E0232" "unknown slot": "`application.slots` gives no scale set this slot"; "`slots: { vmss-blue: blue, vmss-green: green }`".
    "E0240" "unknown name in Octopus": "`octopus` declares no machine policy, project, step, lifecycle or environment of this name"; "`project: wbe` → `project: web`".
    "E0241" "two groups of targets for one scale set": "The instances of a scale set are deployment targets once, with one set of roles"; "merge the groups: `roles: [web, api]`".
    "E0242" "projects that deploy each other": "A step `deployChildProject` leads back to its own project, which would wait for itself"; "deploy to targets in one of the projects".
    "E0250" "unknown parameter of a drill": "A `$(…)` in a drill's file names neither a parameter of the drill nor a name that the fleet gives, or is no expression"; "`$(capcity)` → `$(capacity)`; docs/drills.md lists the names".
    "E0251" "wrong value of a parameter": "A parameter of a drill has a value of another kind than it is declared with, or is combined with one that it cannot be combined with"; "`$(start * 2h)` → `$(start + 2h)`".
    "E0252" "not a drill": "A drill is a file that begins with `drill: 1`, with the keys of a scenario under `scenario`; the resources are those of the fleet that it is fitted to"; "move the keys of a scenario below `scenario:`, and leave out `resources`".
    "E0301" "patch matches nothing": "The first key of a patch must be the name of a resource or a key of the scenario file"; "`vmss-wbe:` → `vmss-web:`".
    "E0302" "patch changes nothing": "The policy equals the scenario as written, so a comparison with it would show nothing"; "change a value, or remove the policy".
    "E0303" "reserved name": "`as-written` means the empty patch, and `all` means every policy"; "choose another name".
    "E0304" "nothing to remove": "`$remove: true` or `null` names something that does not exist"; "check the name".
    "E0305" "cannot be changed": "Azure fixes this property when the scale set is created, so a policy cannot change it on an existing fleet"; "write the other value into the scenario itself".
    "E0306" "patch of another kind": "The patch would replace a mapping by a value, or one kind of item by another"; "give the full path of keys".
    "E0307" "element of a list not found": "An element of a patch that is not written out whole changes one element of the list. In a list without names it means the one with the same values (of a rule of autoscale: the metric and the direction), or the one at a place, `$at`. The list has none that fits, or several"; "`rules: [{ scaleAction: { cooldown: PT10M } }]` → `rules: [{ metricTrigger: { metricName: Percentage CPU }, scaleAction: { direction: Increase, cooldown: PT10M } }]`, or `rules: [{ $at: 0, scaleAction: { cooldown: PT10M } }]`".
    "E0308" "no policies in a file": "`policies: { file: … }` names files of policies. In each is one policy, which has the name of the file, or several under `policies`. A path matches no file, or the file is something else, of which nothing is shown"; "`policies: { file: policies/*.yaml }`".
    "E0309" "template of a policy for no file": "A policy that is a template stands for one file of `resources`: the only one, the one whose file has the same name, or the one that `replaces` names"; "`pr: { template: ../new/main.json }` → `pr: { template: ../new/main.json, replaces: ../infra/main.json }`".
    "E0310" keeps_names "path leads nowhere": "A path is what `diff` and `compare` print of a change: a resource by its name or a key of the scenario, and from there on every key, with elements of lists by name or place in brackets. Each of them must be there, or be a key that Windtunnel knows at that place"; "`vmss.properties.upgradePolicy.rollingUpgradePolicy.pauseTimeBetweenBatches`; `timeline[rollback].at`; `assumptions.vm.boot_linux.slowTail.median`".
    "E0402" "empty file": "The file contains only white space or comments"; "write a template, or the output of `az vmss show`, into it".
    "E0405" "file does not describe a fleet": "The file is well formed, but it is no resource: it is for example an instance view, a status, a log or a parameters file. The message says what it is"; "give a template, the output of `az vmss show` and `az network lb show`, or what `terraform show -json` prints of a plan or a state".
    "E0406" "Terraform in another form": "A configuration, a plan in its binary form or the log of a plan is not read; what `terraform show -json` prints of a plan or a state is, and a stored state. `docs/terraform.md` says what of it"; "`terraform plan -out tfplan`, `terraform show -json tfplan > plan.json`, then `file: plan.json`".
    "E0407" "another language": "The file is YAML, XML or Bicep, not JSON. Bicep is compiled where `bicep` or `az bicep` is on the PATH"; "`az bicep install`, or name the template that `bicep build web.bicep` makes".
    "E0408" "misspelt key": "Azure has no such key, but one with nearly the same letters. Azure would ignore or refuse this key, so the setting would have no effect"; "`upgradPolicy` → `upgradePolicy`".
    "E0409" "misspelt value": "Azure has no such value, but one with nearly the same letters"; "`mode: Roling` → `mode: Rolling`".
    "E0410" "not a parameters file": "A parameters file has `parameters`, an object whose entries have a `value` or a `reference`"; "`{ \"parameters\": { \"capacity\": { \"value\": 3 } } }`".
    "E0411" "unknown parameter": "`set` names a parameter that the template does not declare"; "name a parameter of the template".
    "E0412" "invalid value of a parameter": "The value is not of the type of the parameter, or not among its `allowedValues`. Azure would refuse the deployment"; "give a value that the declaration of the parameter accepts".
    "E0413" "invalid expression": "A string that begins with `[` and ends with `]` is an expression of the template language. A literal string that begins with `[` is written with `[[`"; "`[parameters('a'` → `[parameters('a')]`".
    "E0414" "undeclared parameter or variable": "The template refers to a parameter or variable that it does not declare"; "declare it in the template, or correct its name".
    "E0415" "circular definition": "A variable or the default of a parameter refers to itself, directly or through others"; "give one of them a value that does not refer to the others".
    "E0416" "expression too large": "The value of an expression is too deeply nested, repeats too often or is too large. A `copy` runs at most 800 times, as in Azure"; "set the parameter that controls the number, with `set`".
    "E0417" "Bicep does not compile": "The compiler of Bicep refuses the file, or was not done with it in time. Its own code is in the message; https://aka.ms/bicep/core-diagnostics explains it. Nothing is fetched, so modules of a registry have to be there"; "`bicep restore web.bicep`, and mend what `bicep build web.bicep` says".
    "E0501" "refused by the platform": "Azure would refuse this request, or says that the combination is not supported. The message names the rule"; "`windtunnel rules ID` explains the rule".
    "E0502" "incomplete resource": "The resource lacks a property that it needs, such as its name or its type"; "give every resource `type` and `name`".
    "E0503" "value not understood": "A property of a resource, in the scenario itself, in a policy or in a write of the timeline, has a value of the wrong kind"; "write a value of the kind that the message names".
    "E0504" "unresolved reference": "A resource refers to another one that the scenario does not have"; "add the other resource to `resources`, or refer to it by its plain name".
    "E0505" "not modelled": "The simulator cannot represent this setting, and ignoring it would answer another question"; "change the setting that the message names".
    "E0510" "automatic OS upgrade of a pinned version": "Azure refuses automatic OS upgrade of a set whose model names a version, since no newer version could follow"; "`imageReference: { id: web/1.0.0 }` → `{ id: web }`, or `version: latest` of a platform image".
    "E0511" "automatic OS upgrade without a health source": "Azure refuses automatic OS upgrade of a set without a health source, since it could not see whether an upgraded instance is healthy"; "add an Application Health extension".
    "E0512" "automatic OS upgrade with two health sources": "Azure refuses automatic OS upgrade of a set that has both a health probe and the Application Health extension"; "keep one of the two".
    "E0513" "mode Rolling without a health source": "Azure refuses mode Rolling for a set without a health source, since it could not see whether an instance is healthy"; "add an Application Health extension, or name a probe in `networkProfile.healthProbe` of a Uniform set".
    "E0514" "health probe out of reach": "Azure accepts a probe as health source only if the set is in a pool of the load balancer that has the probe, and a rule uses the probe"; "name the pool in `loadBalancerBackendAddressPools`, and the probe in a rule".
    "E0515" "automatic OS upgrade of an image without versions": "Azure upgrades the OS of sets only from the marketplace or a Compute Gallery, not from a managed image or a disk in a storage account"; "move the image to a gallery".
    "E0517" "retries or a queue where they are not modelled": "Clients that send a request again, and requests that wait for a backend, are modelled at the rule of a load balancer, for a new connection for each request, and with 100 ms or more between two tries"; "give the traffic to a rule of a load balancer with `connections: perRequest`, and write `retries: { after: 1s }`".
    "E0519" "unnecessary acceptance": "`accept` says that a resource is in a state that Azure would refuse, but Azure would not refuse it by this rule"; "remove it".
    "E0520" "rule cannot be accepted": "`code` of an acceptance must be a rule by which Azure refuses a state that an existing fleet can have"; "`code: OS-01`, the rule at the end of the refusal".
    "E0555" "no custom data": "The scenario says what cloud-init does with the custom data of a scale set, but the model of the set has no custom data"; "`osProfile: { customData: I2Nsb3VkLWNvbmZpZwo= }`".
    "E0571" "no zone to choose": "Automatic zone placement needs at least two zones, and what is included and excluded leaves fewer"; "`placement: { zonePlacementPolicy: Auto, includeZones: [\"1\", \"2\"] }`".
    "E0590" "baseline of too many runs": "A baseline keeps the values of every run, and at most 10,000 runs of each policy"; "record the baseline again with `--update-baseline --replications 1000`".
    "E0595" "too many entries": "A fault or a job repeats so often that its entries alone exceed the limit of a ledger. The run would need too much memory"; "`every: PT0.001S` → `every: PT10M`, a shorter `horizon`, or `limits: { entries: 100000000 }`".
    "E0596" "no time between repetitions": "`every` must be longer than zero, and the shortest time of this one is zero"; "`every: { uniform: { min: PT0S, max: PT10M } }` → `every: { uniform: { min: PT1M, max: PT10M } }`".
    "E0597" "run stopped": "The run reached its limit of entries or events and was stopped before its end. No files are written, since they would be incomplete"; "make the events that the message names less frequent, shorten `horizon`, or raise the limit under `limits`".
    "E0601" "folder of another format": "A run is repeated from the `plan.json` of its folder, and this file has a format that this program does not read"; "run the scenario again with this program".
    "E0602" "folder of another build": "`plan.json` names the version and a hash of the sources of the model that made the run. This program has other sources, so it could come to another result and explain another run"; "run the scenario again with this program, or use the program that made the folder".
    "E0603" "files of another run": "`plan.json` and `summary.json` do not belong to the same run: the repeated run has another digest, or the two files disagree. One of them was changed, or they are from two runs"; "run the scenario again".
    "E0604" "incomplete folder": "A file in the folder of the run lacks data that is needed to repeat the run"; "run the scenario again".
    "E0605" "not a scenario": "The file has none of the keys that every scenario has. It may contain a key or a password, so the message names the path and the expected kind of file, and shows no text of the file"; "name a scenario; a scenario begins with `windtunnel: 1`".
    "E0608" "no duration": "An entry of the timeline or a fault may last no time. It would end at the instant at which it starts and have no visible effect"; "`for: PT0S` → `for: PT10M`; without `for` it lasts until the end of the run".
    "E0640" "jobs for agents": "The instances of this scale set are agents of a pool, which do the jobs that come to the pool; the jobs of the application would wait for ever"; "`application: { jobs: … }` → `agentPools: { build: { jobs: { all: { every: PT2M, duration: PT10M } } } }`".
    "E0641" "not in an environment": "A pipeline that deploys to an environment of Azure DevOps runs when the timeline says so, and goes over the registered machines by `maxParallel`: no new machine triggers it, and it has no window of its own"; "remove `trigger`, `parallel` and `adminState`; write `environment: { maxParallel: 2, drains: true }`".
    "E0650" "suppression cannot be used": "`--allow` and `windtunnel-lint.yaml` let a finding of `lint` stand: by its code or name, and with the reason"; "`allow: { no-pause: }` → `allow: { no-pause-between-batches: the set serves nobody }`".
    "E0660" "no durations": "`windtunnel calibrate` reads what says how long operations took, and this does not"; "give an activity log, operations of a deployment, answers of long-running operations, or a CSV file".
    "E0661" keeps_names "duration cannot be read": "A row or an operation does not say of what it is or how long it took. Nothing is guessed, since a wrong length would be in every run"; "`assumption,seconds` / `vm.restart,31.5`".
    "E0662" keeps_names "no assumption of durations": "Durations can be values of an assumption that is a length of time, and of no other"; "`windtunnel assumptions` lists them".
    "E0663" "prior cannot be read": "What is thought of an unknown before anything is observed is a range of values of one unit, the lower one first, or a list of different values"; "`uniform: { min: PT5M, max: PT40M }`; `oneOf: [\"1\", \"2\"]`".
    "E0664" "value of an unknown does not fit": "The scenario cannot be run with a value that is thought possible of an unknown. Each end of its range, and each value of a list, is tried before the first run"; "narrow the range to what the key allows".
    "E0665" "two unknowns at one place": "Two unknowns set the same value, or one sets what holds the other"; "remove one of them, or make its path lead elsewhere".
    "E0670" keeps_names "observations cannot be read": "A file of observations is the output of `az monitor metrics list` or of a query of Log Analytics, as JSON, or a CSV file with a column of instants and one of values, one row an instant. An empty value is a gap"; "`{ name: error rate, file: observed.csv, column: ErrorRate, measure: failedShare, entryPoint: lb }`".
    "W0201" "pool without members": "No scale set puts its instances into the backend pool, so every request to it fails"; "name the pool in `loadBalancerBackendAddressPools` of a network interface".
    "W0203" "not acted on in this release": "The resource uses a service of Azure that this release does not model; the run ignores it"; "nothing to change; keep it in mind when you read the result".
    "W0204" "after the horizon": "The entry of the timeline, the first job or the creation of a pool is after the end of the run, so it never happens"; "raise `horizon`".
    "W0205" "users without traffic": "Users are counted only for entry points that have traffic"; "give the entry point traffic".
    "W0207" "load balancer is missing": "What Azure printed refers to a load balancer, an application gateway or a maintenance configuration that the scenario does not have. The run does not simulate it: no probes, no rotation, no windows"; "add the output of `az network lb show`, of `az network application-gateway show`, or of `az maintenance configuration show`, to `resources`".
    "W0208" "assumption without effect": "This release does not read the assumption, so a new value changes nothing"; "remove it, or wait for the release that reads it".
    "W0210" "scaled resource is missing": "The autoscale setting scales a resource that the scenario does not have or that is not modelled. The setting is ignored"; "add the scale set, or name it in `targetResourceUri`".
    "W0211" "autoscale is not said to be enabled": "The setting does not say whether it is enabled. The default of the API has changed from true to false, so it is taken as disabled"; "`enabled: true`".
    "W0212" "metric is missing": "A rule of autoscale reads a metric that the scenario does not give. The metric is missing during the whole run, so the set scales out to the default of its profile and never scales in (AS-16)"; "`metrics: { ActiveMessageCount: { value: 50 } }`".
    "W0213" "CPU load is not known": "A rule reads `Percentage CPU`, which depends on the load as a share of the capacity of an instance, and the scenario does not give this capacity"; "`application: { capacity: 250 rps }`".
    "W0215" "quota without effect": "No scale set in the region has a size of this family, so the quota limits nothing"; "`families: { Dsv5: 40 }` → `families: { Dasv5: 40 }`".
    "W0216" "no origin is ever healthy": "More samples must be good than there are samples, so that Front Door holds every origin unhealthy and sends requests to all of them"; "write a `successfulSamplesRequired` of at most `sampleSize`".
    "W0217" "where users are has no effect": "The users of a name say where they are, and nothing behind the name chooses by that: `nearest` counts for the method Performance of Traffic Manager, `geography` for Geographic, `address` for Subnet, and `latency` for Front Door"; "remove the key, or change `trafficRoutingMethod`".
    "W0218" "clause without effect": "A clause of an endpoint never answers: one before it answers whoever meets its conditions, or there are no instances of the zone, the image or the slot that it names"; "put the clause with more conditions first: `[{ when: [process, { zone: 1 }], answer: 503 }, { when: process, answer: 200 }]`".
    "W0219" "writes that may cross": "Two entries of the timeline write to one resource, and how long the steps before one of the writes take is drawn: in some runs they come in another order. A write sets what it names over the resource as it is then, and the message says what is wrong with one in that order; the run goes on without it. Writes to a scale set are read in one order, in which they begin at the earliest, and each changes in every run what it changes in that order: what one would make of the model in another order is not modelled"; "begin the entries further apart, or make them steps of one entry: `steps: [{ write: … }, { wait: PT1M }, { write: … }]`".
    "W0220" "list of instances does not fit": "A list of instances and its scale set differ: in their number, in their zones, or an instance has no number. Or something was under way or had failed when the list was made, and a run begins with neither"; "fetch `az vmss list-instances --expand instanceView` and `az vmss show` at the same time".
    "W0225" "write that changes nothing": "The resource has all the values that the write names, in whichever order the writes of the timeline come. It is made all the same, and takes its time"; "write another value, or remove the write".
    "W0226" "users do not come by the address": "A write takes the address of a frontend, and the scenario gives the traffic of one of its rules. Users of a rule are taken to reach it whatever its address is, so that nobody misses the one that is taken"; "name the address: `traffic: { pip-prod: { demand: 100 rps } }`".
    "W0228" "body of an answer is not said": "The probe of an application gateway looks for a text in the body of an answer, and the scenario says the status of that answer and no body. The text is taken to be there"; "`answer: 200` → `answer: { status: 200, body: \"status: ok\" }`".
    "W0229" "probe that nobody answers well": "No clause of the endpoint that a probe asks for answers with a status that the probe takes for a good one: 200 of a load balancer and of Front Door, and what `match` or `expectedStatusCodeRanges` say of a gateway and of Traffic Manager. So no backend is ever in rotation by it"; "`endpoints: { /healthz: [{ when: process, answer: 204 }] }` → `answer: 200`, or another path in the probe".
    "W0230" "cores of a size are not known": "The region has a quota, which counts cores, and the name of a size says none. Each instance of the size is counted as one core"; "`sku: { name: Standard_Ds_v5 }` → `sku: { name: Standard_D2s_v5 }`".
    "W0231" "queue that is never used": "Requests wait where demand is above the capacity of the instances, and the scenario gives no capacity: an instance serves any number of requests"; "`application: { capacity: 40 rps }`, or remove `queue`".
    "W0401" "function not evaluated": "The value is one that only a running Azure knows: keys, states, resources that are in none of the files; or the function is unknown. The field is treated as absent"; "`set: { capacity: 3 }` gives a parameter, and `overlay: { web: { sku: { capacity: 3 } } }` the field itself, both beside the file in `resources`".
    "W0402" "function cannot be applied": "A function of the template language got arguments that it does not accept. The field is treated as absent"; "give the parameter that it reads with `set`, or the field with `overlay`".
    "W0403" "property does not exist": "An expression reads a property or index that its object or list does not have. The field is treated as absent"; "give the parameter that it reads with `set`, or the field with `overlay`".
    "W0405" "value makes no sense": "A value in one of Azure's files is not what its property needs (a duration, a number, one of a few words). It counts as absent, so the default applies. In a scenario itself it is an error, E0503"; "`overlay: { web: { properties: { … } } }` beside the file gives a value of the kind that the message names".
    "W0406" "key in the wrong place": "The setting is beside `properties`, and Azure expects it inside. It is not applied"; "give it inside `properties`, with `overlay` beside the file".
    "W0407" "two resources of one name": "Two resources of the same type have the same name. References use the first"; "give the parameters of their names or conditions with `set`, so that one is left".
    "W0408" "nothing to simulate": "The file was understood, but it has no resource that Windtunnel models, or its conditions leave all of them out"; "give the file that has the scale set, or with `set` the parameters that the conditions read".
    "W0409" "child without parent": "The parent of a child resource is not in this file, so the child has no effect"; "give the file of the parent, with what the child says as its `overlay`".
    "W0410" "condition not resolved": "The condition of a resource depends on a value that is not known here. Where something stands in for the value, that decides, and the message names it; otherwise the resource is treated as deployed"; "give the parameters that the condition reads with `set`".
    "W0411" "parameter not declared": "The parameters file has a parameter that the template does not declare. Azure would refuse the deployment"; "remove it from the parameters file, or declare it".
    "W0412" "known only after apply": "A plan of Terraform does not know the value yet, and what it comes from is not in the file: a local value, a data source, or a text that is made of several. It counts as absent"; "`overlay: { web: { sku: { capacity: 3 } } }` beside the file".
    "W0413" "taken away by the plan": "The plan of Terraform deletes a resource, or replaces a scale set with all of its instances; or it ended with an error, or was made of some resources alone (`-target`), and lacks others"; "nothing to change, if that is meant; a replaced set is not a rollout".
    "W0501" "no effect on the platform": "Azure accepts the property and ignores it, or the combination disables a feature. The message names the rule"; "`windtunnel rules ID` explains the rule".
    "W0510" "write that Azure refuses": "An entry of the timeline writes a value that Azure does not accept, or leaves a resource whose parts do not fit each other. In the run the write is refused: the fleet stays as it is, and the ledger has Azure's answer"; "correct the write, or keep it if the refusal is what the scenario is about".
    "W0511" "setting not modelled": "The setting can change a rollout or what users get, but this release does not act on it; the run ignores it"; "keep it in mind when you read the result".
    "W0512" "health probe without an id": "`networkProfile.healthProbe` has no id, or its value could not be evaluated. It is not used as a health source"; "`healthProbe: { id: lb-web/ready }`".
    "W0513" "unused probe": "A load balancer sends a probe only if a load-balancing rule names it. This probe decides nothing"; "`probe: { id: ready }` in the rule".
    "W0514" "resource not modelled": "The resource is between users and the fleet, or limits what the fleet gets, and it is not modelled: Front Door (classic), which Azure retires on 31 March 2027, a CDN that is no Front Door, of which the one from Microsoft (classic) retires on 30 September 2027, reservations and groups"; "keep it in mind when you read the result".
    "W0515" "gateway with too few instances": "The traffic of a gateway needs more instances at its peak than the gateway can have (AG-12): its `capacity`, or its `maxCapacity`. What it delays or loses meanwhile is not modelled; the measure `gateways.short_s` says for how long that is"; "`sku: { capacity: 2 }` → `sku: { capacity: 6 }`, or a greater `maxCapacity`".
    "W0553" "extension installs nothing": "No row of `installs` matches the properties of the extension: its settings, version or `forceUpdateTag` differ"; "`installs: [{ when: { settings: { commandToExecute: ./install r42 } }, code: r42 }]`".
    "W0554" "answer without a body": "An answer with status 204, 304 or below 200 has no body, so neither its health state nor a text can be read"; "`answer: { status: 204, healthState: Healthy }` → `answer: { status: 200, healthState: Healthy }`".
    "W0555" "health state is never sent": "Version 2 of the Application Health extension reports healthy only if a successful answer has `ApplicationHealthState` in its body (HD-21). The endpoint never sends it, so every instance is Unknown from the start: gates count it as unhealthy, and repairs and upgrades act accordingly"; "`answer: 200` → `answer: { status: 200, healthState: Healthy }`, or `typeHandlerVersion: \"1.0\"`".
    "W0559" "unclear rolling policy of OS upgrades": "The set has a rolling upgrade policy and enables automatic OS upgrade without `useRollingUpgradePolicy: true`. One page of Azure says that the policy is always used, another that the flag is needed. The message says which one the run follows (OS-21)"; "`automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true, useRollingUpgradePolicy: true }`".
    "W0560" "OS upgrade that never starts": "Automatic OS upgrade is enabled on a set for which it does not work, and Azure does not report it: no version is ever rolled out, and a run in which nothing changes harms nobody. The message names the rule"; "the message says what to change".
    "W0562" "pool of Spot instances": "Azure evicts and replaces machines of a standby pool, as it does with instances. In a run the machines of a pool are never evicted"; "keep it in mind when you read how long the pool lasts".
    "W0563" "set of the pool is missing": "The standby pool belongs to a scale set that the scenario does not have. The pool is ignored"; "add the scale set, from the output of `az vmss show`".
    "W0565" "`latest` as a version number": "The model of a set names `versions/latest` of a gallery image. Azure's refusal of pinned versions asks for a version set to latest, but an article calls the same value a choice made at creation; no source decides it. The message says which reading the run follows (GA-25)"; "`id: …/images/web` follows what is latest, `id: …/images/web/versions/1.0.0` does not".
    "W0577" "extension that Azure upgrades": "The extension has `enableAutomaticUpgrade`: when its publisher releases a newer version, Azure installs it in batches (OS-33), at a time that nobody schedules. Only the timeline can set this time, and this one does not, so the version stays the same"; "`{ at: PT1H, publishExtension: { scaleSet: web, extension: monitor, version: \"1.1\" } }`".
    "W0578" "simulated eviction of a regular set": "Only Spot instances can be evicted. Azure refuses `simulateEviction` on other instances (SP-19), so the entry of the timeline has no effect"; "set `priority: Spot` in the profile of the set, or use `deleteInstances`".
    "W0579" "dependency that nothing needs": "An entry of the timeline or a fault takes a dependency down that neither `serves` nor an answer of an endpoint names: no instance and no user notices"; "`application: { serves: [process, db] }`, or `{ when: [process, db], answer: 200 }` in an endpoint".
    "W0590" "instance that does not exist": "An entry of the timeline or a fault names an instance by a number that its set never reaches, as far as the plan shows: instances are numbered from 0 in the order in which they are created. The entry would affect nothing"; "of a set of 3, `instances: [7]` → `instances: [2]`, or `instances: one`".
    "W0642" "never happens in Octopus": "Octopus accepts a role that no deployment target has, a step for what a check has found where no check comes before it, and an extension that is not in the model; a lifecycle may have no project, a phase no environment, a release nowhere to go, and a phase may wait for a person who never comes. It then leaves the step out, or finds nobody: what is written never happens"; "give a group of `deploymentTargets` the role, or put `checkVmssProvisionStatus` before the step".
    "W0643" "capacity beyond the agent pool": "The scale set of an agent pool has more instances when the run begins than the pool may have. The pool makes no more, and the surplus stays until its agents are idle"; "raise `maxCapacity`, or lower `sku.capacity`".
    "N0301" "image is assumed": "The model refers to an image that `images` does not declare. The program assumes that the image has the newest release"; "declare it under `images`".
    "N0302" "mode is assumed": "A body without `orchestrationMode` is taken as a Uniform scale set; only the command line creates Flexible sets by default"; "write `orchestrationMode`".
    "N0303" "kept for a later release": "The key is understood, but has no effect yet"; "nothing to change".
    "N0304" "extension takes no time": "The scenario does not say what an extension of the model does, so it takes no time and changes nothing"; "`extensions: { install-web: { duration: PT4M } }`".
    "N0306" "duplicate key in a template": "Azure uses the last of the two values, and so does this program"; "keep one of the two".
    "N0308" "answer of a probe is assumed": "The scenario has no `application`, so every path of a probe answers 200 while the process is up"; "`application: { endpoints: { /healthz: [{ when: warm, answer: 200 }] } }`".
    "N0309" "several entry points, one capacity": "Two entry points with traffic lead to the same instances. Each meets their whole `capacity`: what comes by the other is not taken off, so that load on both at once looks lighter than it is"; "give one of them the traffic of both, or lower `capacity`".
    "N0310" "instances of an earlier model": "A list of instances says which are not at the newest model, and what image each runs, but not what else the earlier model said. An upgrade changes their image where that differs, and nothing else"; "write the change of the model into the timeline, and begin with instances that have it not".
    "N0311" "gateway scales by itself": "The count of the instances of an application gateway follows its load, and scale-out takes minutes. What a gateway delays or loses that is short of instances is not modelled; the measure `gateways.short_s` says for how long it is"; "write a greater `minCapacity`, or `sku: { capacity: 4 }` in place of `autoscaleConfiguration`".
    "N0312" "port of users is assumed": "Traffic Manager answers with an address, and users come to the port that their protocol has: its monitor may probe another one. The scenario does not say which port it is, so the program takes 443 or 80, if a rule has it"; "`traffic: { shop: { demand: 100 rps, port: 443 } }`".
    "N0313" "template of a policy changes nothing": "The template of the policy describes the same fleet as the scenario, in all that a run reads, so the policy comes to the same as the scenario as written"; "nothing to change".
    "N0401" "resources not modelled": "These types of resources do not affect the simulation; the message counts them"; "nothing to change".
    "N0402" "keys ignored": "These settings of a resource do not affect the simulation. Those that no table knows come first, by name; of those that cannot change a rollout, the message says how many there are in which part"; "nothing to change".
    "N0403" "placeholder for a parameter": "A parameter has no default and no value. It got its first allowed value, its smallest value, or a value of its type. Give the real value with `parameters` or `set`"; "`parameters: web.parameters.json`, or `set: { capacity: 3 }`".
    "N0404" "placeholder for the environment": "Functions read where the template is deployed, which a file does not say. They got fixed values; give the real ones with `set`"; "`set: { resourceGroup.location: westeurope }`".
    "N0405" "linked template not followed": "A deployment links to another file, which is not there: neither at the path that it gives nor, of an address, beside the template by the last parts of the address. What it would deploy is missing"; "put the file beside the template; it gets the parameters of the deployment".
    "N0407" "name or type assumed": "A body has no name or type. The program took it from the id, the fields or the name of the file"; "write `name` and `type`".
    "N0409" "values not resolved": "Expressions in fields that a simulation only compares or shows were not resolved; these fields are treated as absent"; "give the parameters that the expressions read with `set`".
    "N0410" "entries ignored": "A list has, beside resources, entries that describe something else"; "nothing to change".
    "N0411" "existing resources not read": "A template refers to existing resources. Their settings are in other files"; "list the file of the existing resource too".
    "N0412" "file read for an address": "A deployment links to an address. Nothing is fetched: a file that lies beside the template by the last parts of the address is read for it"; "nothing to change, if it is the file that lies at the address".
    "N0413" "read from a plan as": "A value of a plan of Terraform was read although it is marked sensitive; or a link whose id is known only after apply was taken to lead to the only resource that it can mean"; "`overlay` beside the file gives another value".
    "N0414" "rollout by Terraform": "When the model of a Uniform set changes, `terraform apply` itself brings instances to it, by the mode of the set and the `features` of the provider. A run does so only where its timeline says so"; "`features { virtual_machine_scale_set { roll_instances_when_required = false } }` leaves it to you".
    "N0415" "compiled from Bicep": "The file is Bicep. What was read is the template that the compiler made of it, and the version of the compiler is in `plan.json`"; "nothing to change".
    "N0670" "not compared with runs": "An activity log has operations of which the ledger has no like, or that are before the start of the scenario. They are not compared with runs"; "nothing needs to be done; what matters can be stated under `events`".
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
         The problems that a file can have. `E` is an error: the file cannot be run. `W` is a warning: the file can be run, but\n\
         may not mean what its author wants. `N` is a note: something was assumed or ignored.\n",
    );
    for entry in CATALOGUE {
        text += &format!("\n## {}: {}\n\n{}.\n\nFix: {}.\n", entry.code, entry.title, entry.explanation, entry.fix);
    }
    text
}
