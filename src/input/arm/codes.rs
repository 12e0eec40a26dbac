//! The problems that reading Azure's files can have: code, title and explanation, for the catalogue.

/// One row a code: the code, its title, and what the catalogue says about it.
pub type Row = (&'static str, &'static str, &'static str);

/// Every code this part of the program can report, in order.
pub const CODES: &[Row] = &[
    ("E0401", "file cannot be read", "The path does not exist, is not a file, may not be opened, or is not text."),
    ("E0402", "file is empty", "There is nothing in the file but white space or comments."),
    (
        "E0403",
        "not JSON",
        "Azure's templates and bodies are JSON. Comments, trailing commas, strings over several lines and a byte-order mark are accepted; anything else has to be mended.",
    ),
    ("E0404", "nested too deeply", "Objects and lists in a JSON file may be nested 128 deep."),
    (
        "E0405",
        "not a file that describes a fleet",
        "The file is well formed, but describes something else than a resource: an instance view, a status, a log, a parameter file. The message says what it is.",
    ),
    (
        "E0406",
        "Terraform",
        "Terraform configurations, plans and states are not read. Export the deployed resources instead, with `az vmss show` and `az network lb show`.",
    ),
    (
        "E0407",
        "another language",
        "The file is YAML, Bicep, Terraform or XML and not JSON. Bicep is compiled to a template with `az bicep build`.",
    ),
    (
        "E0408",
        "key nearly right",
        "A key that Azure does not have stands where one with nearly the same letters is meant. Azure ignores or refuses it, so the setting would not be what its author thinks.",
    ),
    (
        "E0409",
        "value nearly right",
        "A value that Azure does not know stands where one with nearly the same letters is meant.",
    ),
    (
        "E0410",
        "not a parameters file",
        "A parameters file holds `parameters`, an object whose entries have a `value` or a `reference`.",
    ),
    ("E0411", "no such parameter", "`--set` names a parameter that the template does not declare."),
    (
        "E0412",
        "parameter value not accepted",
        "The value given for a parameter is not of its type, or not among its `allowedValues`. Azure would refuse the deployment.",
    ),
    (
        "E0413",
        "expression cannot be parsed",
        "A string that begins with `[` and ends with `]` is an expression of the template language. A string meant literally begins with `[[`.",
    ),
    (
        "E0414",
        "parameter or variable not defined",
        "The template refers to a parameter or variable that it does not declare.",
    ),
    (
        "E0415",
        "definitions in a circle",
        "A variable or parameter default refers to itself, directly or through others.",
    ),
    (
        "E0416",
        "expression too large",
        "The value of an expression is nested too deeply, repeats too often or grows too large. A `copy` runs at most 800 times, as in Azure.",
    ),
    (
        "W0401",
        "function not evaluated",
        "The function asks a running Azure, or is not known. The field counts as absent; give the parameter it comes from with `--set`, or the field in a policy.",
    ),
    (
        "W0402",
        "function cannot be applied",
        "A function of the template language was given arguments it does not accept. The field counts as absent.",
    ),
    (
        "W0403",
        "property not there",
        "An expression looks up a property or index that its object or list does not have. The field counts as absent.",
    ),
    (
        "W0405",
        "value makes no sense",
        "The value cannot be what its field needs (a duration, a number, one of a few words). It counts as absent, so the default applies.",
    ),
    (
        "W0406",
        "key in the wrong place",
        "A setting stands beside `properties` that Azure has inside. It is not applied.",
    ),
    (
        "W0407",
        "two resources of one name",
        "Two resources of the same type have the same name. References to it mean the first.",
    ),
    ("W0408", "nothing to simulate", "The file was understood, but holds no resource that Windtunnel models."),
    (
        "W0409",
        "child without its parent",
        "A child resource belongs to a parent that this file does not hold, so it has no effect.",
    ),
    (
        "W0410",
        "condition not resolved",
        "Whether a resource is deployed depends on something not known here. It counts as deployed.",
    ),
    (
        "W0411",
        "parameter not declared",
        "The parameters file gives a parameter that the template does not declare. Azure would refuse the deployment.",
    ),
    (
        "N0401",
        "resources not modelled",
        "The types of resources that were met and that play no part in a simulation, with how many of each.",
    ),
    ("N0402", "keys ignored", "The settings of a resource that play no part in a simulation."),
    (
        "N0403",
        "placeholder for a parameter",
        "A parameter without default and value was used. It got its first allowed value, its smallest value, or one by its type. Give the real one with `--parameters` or `--set`.",
    ),
    (
        "N0404",
        "stand-in for the environment",
        "A function asks where the template is deployed. It got a fixed answer; give the real one with `--set`, for example `--set resourceGroup.location=westeurope`.",
    ),
    (
        "N0405",
        "linked template not followed",
        "A deployment links to another file by address. Load that file as well if it holds resources you need.",
    ),
    ("N0406", "duplicate key", "An object has a key twice. The last one counts, as in Azure."),
    (
        "N0407",
        "name or type assumed",
        "A body gives no name or type of its own. It was taken from its id, its fields or the name of the file.",
    ),
    (
        "N0409",
        "values not resolved",
        "Expressions in fields that a simulation only compares or shows were not resolved; the fields count as absent.",
    ),
    ("N0410", "entries passed over", "A list holds, beside resources, entries that describe something else."),
    (
        "N0411",
        "existing resources not read",
        "A template refers to resources that exist already. Their settings are elsewhere.",
    ),
];
