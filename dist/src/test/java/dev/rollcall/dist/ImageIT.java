package dev.rollcall.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The container image, unpacked and run as its own configuration says, in a folder where nothing else is. */
@Tag("packages")
class ImageIT {
    private static final Path FILE = Shell.PACKAGES.resolve("rollcall-" + Shell.VERSION + "-oci-"
            + System.getProperty("os.arch").replace("aarch64", "arm64") + ".tar");

    @TempDir
    Path folder;

    private JsonNode config;
    private Path rootFolder;

    @BeforeEach
    void unpack() throws IOException {
        if (!Files.exists(FILE)) {
            throw Shell.notTried(
                    "the container image", "there is none: it is made by JDK " + RuntimeImage.VERSION + " on Linux");
        }
        Path image = Files.createDirectories(folder.resolve("image"));
        Shell.ok(image, "tar", "xf", FILE.toString());
        ObjectMapper json = new ObjectMapper();
        // By the way that the specification goes, and by Docker's; both have to lead to the same bytes.
        JsonNode index = json.readTree(image.resolve("index.json").toFile());
        JsonNode manifest = json.readTree(
                blob(image, index.at("/manifests/0/digest").asText()).toFile());
        Path configFile = blob(image, manifest.at("/config/digest").asText());
        JsonNode docker = json.readTree(image.resolve("manifest.json").toFile()).get(0);
        assertThat(image.resolve(docker.path("Config").asText())).isEqualTo(configFile);
        JsonNode whole = json.readTree(configFile.toFile());
        config = whole.path("config");
        rootFolder = Files.createDirectories(folder.resolve("root"));
        for (int layer = 0; layer < manifest.path("layers").size(); layer++) {
            Path packed = blob(
                    image, manifest.path("layers").get(layer).path("digest").asText());
            assertThat(image.resolve(docker.path("Layers").get(layer).asText())).isEqualTo(packed);
            byte[] bytes = Files.readAllBytes(packed);
            assertThat(manifest.path("layers").get(layer).path("size").asInt()).isEqualTo(bytes.length);
            assertThat("sha256:" + OciImage.digest(new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes()))
                    .isEqualTo(whole.at("/rootfs/diff_ids").get(layer).asText());
            Shell.ok(rootFolder, "tar", "xzpf", packed.toString());
        }
    }

    private static Path blob(Path image, String digest) throws IOException {
        Path blob = image.resolve("blobs").resolve(digest.replace(':', '/'));
        assertThat("sha256:" + OciImage.digest(Files.readAllBytes(blob))).isEqualTo(digest);
        return blob;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private Map<String, String> variables(Root root) {
        Map<String, String> variables = new TreeMap<>(root.variables("/usr/lib/rollcall/jre/bin"));
        texts(config.path("Env")).forEach(variable -> {
            int equals = variable.indexOf('=');
            variables.put(variable.substring(0, equals), variable.substring(equals + 1));
        });
        return variables;
    }

    @Test
    void image_runsAsItsConfigurationSays_andItsHealthCheckTellsWellFromUnwell() throws Exception {
        Root.require("the container image in a root of its own");
        Root root = new Root(rootFolder);
        String user = config.path("User").asText();
        assertThat(user).isEqualTo("65532:65532");
        List<String> command = texts(config.path("Entrypoint"));
        command.addAll(texts(config.path("Cmd")));
        command.addAll(List.of("--port", "0", "--admin-port", "0", "--data", "/var/lib/rollcall"));
        List<String> health = texts(config.at("/Healthcheck/Test"));
        assertThat(health.remove(0)).isEqualTo("CMD");
        int adminPort;
        try (Server server = Server.start(folder, variables(root), root.command(user, command))) {
            adminPort = server.adminPort();
            health.addAll(List.of("--admin-port", Integer.toString(adminPort)));
            server.answers();
            Shell.Outcome well = Shell.run(variables(root), folder, root.command(user, health));
            assertThat(well.status()).as(well.said()).isZero();
            server.stops();
        }
        Shell.Outcome unwell = Shell.run(variables(root), folder, root.command(user, health));
        assertThat(unwell.status()).isEqualTo(1);
        assertThat(unwell.said()).startsWith("rollcall: 127.0.0.1:" + adminPort + " does not answer");
        try (Server server = Server.start(folder, variables(root), root.command(user, command))) {
            server.isThere().stops();
        }
    }

    @Test
    void image_holdsNoShellAndNothingThatRunsAsSomebodyElse() {
        assertThat(Shell.ok(rootFolder, "find", ".", "-name", "sh", "-o", "-perm", "/6000"))
                .isEmpty();
        assertThat(Shell.ok(rootFolder, "find", ".", "-perm", "/0022", "-not", "-type", "l", "-not", "-path", "./tmp"))
                .isEmpty();
    }

    @Test
    void image_isReadBySkopeo() {
        if (!Shell.succeeds("skopeo", "--version")) {
            throw Shell.notTried("the container image read by skopeo", "skopeo is not installed");
        }
        for (String format : List.of("oci-archive:", "docker-archive:")) {
            assertThat(Shell.ok(folder, "skopeo", "inspect", format + FILE)).contains("org.opencontainers.image.title");
        }
    }
}
