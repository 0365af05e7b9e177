package dev.rollcall.dist;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The list of what a package is made of, in the format of CycloneDX: that of the server, and what comes with it in this package. */
final class Sbom {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root;

    private Sbom(ObjectNode root) {
        this.root = root;
    }

    /** Reads the list that the build of the server has made. */
    static Sbom read(Path file) throws IOException {
        return new Sbom((ObjectNode) JSON.readTree(file.toFile()));
    }

    /** Returns a list with what another program is made of, and that program. What both have stays what it is here. */
    Sbom with(Sbom other) {
        ObjectNode copy = root.deepCopy();
        add(copy.withArray("components"), "bom-ref", List.of(other.root.at("/metadata/component")));
        add(copy.withArray("components"), "bom-ref", other.root.path("components"));
        add(copy.withArray("dependencies"), "ref", other.root.path("dependencies"));
        return new Sbom(copy);
    }

    private static void add(ArrayNode to, String key, Iterable<JsonNode> more) {
        Set<String> known = new HashSet<>();
        to.forEach(one -> known.add(one.path(key).asText()));
        for (JsonNode one : more) {
            if (known.add(one.path(key).asText())) {
                to.add(one);
            }
        }
    }

    /** Returns a list with the Java that the JDK of this build makes. */
    Sbom withJava(RuntimeImage runtime) throws IOException {
        String version = RuntimeImage.release("JAVA_RUNTIME_VERSION");
        String vendor = RuntimeImage.release("IMPLEMENTOR");
        ObjectNode component = JSON.createObjectNode()
                .put("type", "platform")
                .put("publisher", vendor)
                .put("name", "java-runtime")
                .put("version", version)
                .put(
                        "description",
                        "Java linked from the JDK, with the modules " + String.join(", ", runtime.modules()))
                .put("purl", "pkg:generic/" + encoded(vendor) + "/jdk@" + encoded(version));
        return with(component, "GPL-2.0-with-classpath-exception");
    }

    /** Returns a list with the C library of this machine. */
    Sbom withLibc(Libc libc) {
        ObjectNode component = JSON.createObjectNode()
                .put("type", "library")
                .put("publisher", libc.distribution())
                .put("name", libc.name())
                .put("version", libc.version())
                .put("purl", libc.purl());
        return with(component, "LGPL-2.1-or-later");
    }

    private Sbom with(ObjectNode component, String licence) {
        component.put("bom-ref", component.path("purl").asText());
        component.putArray("licenses").addObject().putObject("license").put("id", licence);
        ObjectNode copy = root.deepCopy();
        ArrayNode components = copy.withArray("components");
        components.add(component);
        return new Sbom(copy);
    }

    static String encoded(String text) {
        return text.replace("%", "%25").replace("+", "%2B").replace(" ", "%20").replace(":", "%3A");
    }

    /** Returns the notices of what is in the package: name, version and licences, one a line. */
    String notice() {
        StringBuilder text = new StringBuilder(
                "Rollcall, a self-hosted presence server. Licensed under the Apache License 2.0, see LICENSE.\n\n"
                        + "This package contains the following works under licences of their own. Their texts are in the"
                        + " jars, and those of Java\n"
                        + "in jre/legal, where that is part of the package.\n\n");
        root.path("components").forEach(component -> {
            String group = component.path("group").asText();
            StringBuilder licences = new StringBuilder();
            component.path("licenses").forEach(choice -> {
                String id = choice.path("license").path("id").asText();
                String words =
                        id.isEmpty() ? choice.path("license").path("name").asText() : id;
                licences.append(licences.isEmpty() ? "" : ", ")
                        .append(words.isEmpty() ? choice.path("expression").asText() : words);
            });
            if (!group.equals("dev.rollcall")) {
                text.append(group.isEmpty() ? "" : group + ':')
                        .append(component.path("name").asText())
                        .append(' ')
                        .append(component.path("version").asText())
                        .append(": ")
                        .append(licences)
                        .append('\n');
            }
        });
        return text.toString();
    }

    @Override
    public String toString() {
        return root.toPrettyString() + '\n';
    }
}
