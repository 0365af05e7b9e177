package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the list of what the server is made of to the jars beside it, and their licences to those we take. */
class SupplyChainIT {
    private static final Path RUN = Path.of("target/rollcall");

    /** A library under any other licence is a decision to be made by a person. */
    private static final Set<String> LICENCES = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "EPL-1.0",
            "EPL-2.0",
            "MPL-2.0",
            "CC0-1.0",
            "Go License");

    private static List<JsonNode> components() throws IOException {
        var components = new ArrayList<JsonNode>();
        new ObjectMapper()
                .readTree(RUN.resolve("sbom.json").toFile())
                .path("components")
                .forEach(components::add);
        return components;
    }

    @Test
    void sbom_listsTheJarsThatAreShipped() throws IOException {
        var listed = new TreeSet<String>();
        for (JsonNode component : components()) {
            String classifier = component.path("purl").asText().replaceAll("^[^?]*\\??", "");
            String suffix = classifier.contains("classifier=")
                    ? "-" + classifier.replaceAll(".*classifier=([^&]*).*", "$1")
                    : "";
            listed.add(component.path("name").asText() + "-"
                    + component.path("version").asText() + suffix + ".jar");
        }
        var shipped = new TreeSet<String>();
        try (var jars = Files.list(RUN.resolve("lib"))) {
            jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> !name.startsWith("rollcall-server-"))
                    .forEach(shipped::add);
        }
        assertThat(shipped).isNotEmpty();
        assertThat(listed).isEqualTo(shipped);
    }

    @Test
    void licences_areOnesWeTake() throws IOException {
        var others = new TreeMap<String, List<String>>();
        for (JsonNode component : components()) {
            var licences = new ArrayList<String>();
            for (JsonNode choice : component.path("licenses")) {
                JsonNode licence = choice.path("license");
                licences.add(
                        choice.has("expression")
                                ? choice.path("expression").asText()
                                : licence.path("id").asText(licence.path("name").asText()));
            }
            // Of several, the one we like counts.
            if (licences.stream().noneMatch(LICENCES::contains)) {
                others.put(component.path("purl").asText(), licences);
            }
        }
        assertThat(others).isEmpty();
    }
}
