"""Writes the keys of the ARM types that Windtunnel reads, as the models of Azure's own Python libraries have them.

    python -m venv venv && venv/bin/pip install azure-mgmt-compute==39.0.0 azure-mgmt-network==33.1.0 \
        azure-mgmt-monitor==7.0.0 azure-mgmt-imagebuilder==2.0.0
    venv/bin/python tests/azure-models/extract.py > tests/azure-models/2026-10.txt

One line a key: the type, a blank, and the path of the key; `[]` stands for the elements of a list. Where a key refers to another
resource (a subnet, a public address), its own keys are not followed.
"""

import importlib
import inspect
import re
import sys
from importlib.metadata import version

TYPES = [
    ("azure-mgmt-compute", "Microsoft.Compute/virtualMachineScaleSets", "azure.mgmt.compute", "VirtualMachineScaleSet"),
    ("azure-mgmt-compute", "Microsoft.Compute/galleries/images", "azure.mgmt.compute", "GalleryImage"),
    ("azure-mgmt-compute", "Microsoft.Compute/galleries/images/versions", "azure.mgmt.compute", "GalleryImageVersion"),
    ("azure-mgmt-network", "Microsoft.Network/loadBalancers", "azure.mgmt.network", "LoadBalancer"),
    ("azure-mgmt-monitor", "Microsoft.Insights/autoscaleSettings", "azure.mgmt.monitor", "AutoscaleSettingResource"),
    ("azure-mgmt-imagebuilder", "Microsoft.VirtualMachineImages/imageTemplates", "azure.mgmt.imagebuilder", "ImageTemplate"),
]
# Parts of a balancer are resources of their own in the models, and are followed; other resources are not.
PARTS = {
    "FrontendIPConfiguration", "BackendAddressPool", "LoadBalancingRule", "Probe", "InboundNatRule", "InboundNatPool",
    "OutboundRule", "LoadBalancerBackendAddress", "GatewayLoadBalancerTunnelInterface",
}


def models_of(package):
    """The module with the models: of the newest version where a library keeps several."""
    base = importlib.import_module(package)
    found = None
    try:
        found = importlib.import_module(package + ".models")
        if any(inspect.isclass(one) for one in vars(found).values()):
            return found
    except ImportError:
        pass
    import pkgutil

    names = sorted(m.name for m in pkgutil.iter_modules(base.__path__) if re.match(r"v20\d\d", m.name))
    for name in reversed(names):
        try:
            module = importlib.import_module(f"{package}.{name}.models")
        except ImportError:
            continue
        yield_names = vars(module)
        if any(name_ in yield_names for _, _, pkg, name_ in TYPES if pkg == package):
            return module
    return found


def fields(cls):
    """Key on the wire and the name of the type of its value, of a model of either generation."""
    old = getattr(cls, "_attribute_map", None)
    if old:
        for entry in old.values():
            # `properties.mode`: levels are joined by dots; a dot within a key is escaped.
            parts = [part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", entry["key"])]
            yield parts, entry["type"]
        return
    for base in reversed(cls.__mro__):
        annotations = getattr(base, "__annotations__", {})
        for name, field in vars(base).items():
            rest = getattr(field, "_rest_name_input", None)
            if type(field).__name__ == "_RestField" and (rest or name):
                yield [rest or name], str(annotations.get(name, ""))


def inner_class(kind, models):
    """The class of the values that a type names, and whether it is a list or a mapping of them."""
    many = "list" in kind.lower()[:40] or kind.startswith("[")
    mapped = kind.startswith("{") or "dict" in kind.lower()[:40]
    names = re.findall(r"[A-Za-z0-9_]+", kind)
    for name in reversed(names):
        cls = getattr(models, name, None)
        if inspect.isclass(cls) and (hasattr(cls, "_attribute_map") or hasattr(cls, "_attr_to_rest_field") or "Model" in str(cls.__mro__)):
            if not issubclass(cls, (str, int)):
                return cls, many, mapped
    return None, many, mapped


def is_other(cls):
    """Whether a class is a resource of its own, which is not followed."""
    if cls.__name__ in PARTS:
        return False
    return any(base.__name__ in ("Resource", "SubResource", "TrackedResource", "ProxyResource", "SubResourceModel") for base in cls.__mro__)


def subclasses(cls, models):
    """A class and what stands in its place: kinds of a customizer, of a source."""
    yield cls
    for other in vars(models).values():
        if inspect.isclass(other) and other is not cls and issubclass(other, cls):
            yield other


def walk(cls, models, path, seen, out):
    for one in subclasses(cls, models):
        for parts, kind in fields(one):
            here = path + parts
            for end in range(len(path) + 1, len(here) + 1):
                out.add(".".join(here[:end]))
            inner, many, mapped = inner_class(kind, models)
            if inner is None or mapped or inner.__name__ in seen or is_other(inner):
                continue
            tail = here[:-1] + [here[-1] + ("[]" if many else "")]
            walk(inner, models, tail, seen | {one.__name__, inner.__name__}, out)


def main():
    lines = []
    for library, kind, package, name in TYPES:
        models = models_of(package)
        out = set()
        walk(getattr(models, name), models, [], {name}, out)
        assert len(out) > 10, (kind, out)
        lines.append(f"# {library} {version(library)}")
        lines += [f"{kind} {key}" for key in sorted(out)]
    sys.stdout.write("\n".join(lines) + "\n")


main()
