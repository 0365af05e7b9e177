package dev.rollcall.dist;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Writes trees, one a layer, as a container image in a tar archive: the layout of the OCI image specification 1.0, with the file by
 * which {@code docker load} and {@code podman load} find their way. No registry and no container engine takes part.
 */
final class OciImage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA = "application/vnd.oci.image.";

    private final String name;
    private final Instant time;
    private final ObjectNode settings;
    private final List<Layer> layers = new ArrayList<>();

    private record Layer(byte[] packed, String plainDigest, String history) {}

    /**
     * Makes an image without layers.
     *
     * @param name its name with its tag, as in {@code rollcall:1.0}
     * @param settings how it is run: what the specification calls {@code config}
     */
    OciImage(String name, Instant time, ObjectNode settings) {
        this.name = name;
        this.time = time;
        this.settings = settings;
    }

    OciImage layer(FileTree tree, String history) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        MessageDigest digest = sha256();
        try (OutputStream out = new DigestOutputStream(Tar.gzip(packed), digest)) {
            Tar.write(tree, "", time, out);
        }
        layers.add(new Layer(packed.toByteArray(), hex(digest.digest()), history));
        return this;
    }

    void write(String architecture, OutputStream out) throws IOException {
        byte[] config = config(architecture);
        ObjectNode manifest =
                JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", MEDIA + "manifest.v1+json");
        FileTree blobs = new FileTree();
        manifest.set("config", descriptor("config.v1+json", config));
        blobs.bytes(blob(config), config);
        ArrayNode descriptors = manifest.putArray("layers");
        ObjectNode forDocker = JSON.createObjectNode().put("Config", blob(config));
        forDocker.putArray("RepoTags").add(name);
        ArrayNode dockerLayers = forDocker.putArray("Layers");
        for (Layer layer : layers) {
            descriptors.add(descriptor("layer.v1.tar+gzip", layer.packed));
            dockerLayers.add(blob(layer.packed));
            blobs.bytes(blob(layer.packed), layer.packed);
        }
        byte[] manifestBytes = bytes(manifest);
        blobs.bytes(blob(manifestBytes), manifestBytes);
        ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", MEDIA + "index.v1+json");
        ObjectNode entry = descriptor("manifest.v1+json", manifestBytes);
        entry.putObject("platform").put("architecture", architecture).put("os", "linux");
        entry.putObject("annotations")
                .put("io.containerd.image.name", "docker.io/library/" + name)
                .put("org.opencontainers.image.ref.name", name.substring(name.indexOf(':') + 1));
        index.putArray("manifests").add(entry);
        blobs.file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
                .bytes("index.json", bytes(index))
                .bytes("manifest.json", bytes(JSON.createArrayNode().add(forDocker)));
        Tar.write(blobs, "", time, out);
    }

    private byte[] config(String architecture) throws IOException {
        ObjectNode config = JSON.createObjectNode()
                .put("created", time.toString())
                .put("architecture", architecture)
                .put("os", "linux");
        config.set("config", settings);
        ArrayNode plainDigests =
                config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        ArrayNode history = config.putArray("history");
        for (Layer layer : layers) {
            plainDigests.add("sha256:" + layer.plainDigest);
            history.addObject().put("created", time.toString()).put("created_by", layer.history);
        }
        return bytes(config);
    }

    private static ObjectNode descriptor(String type, byte[] bytes) {
        return JSON.createObjectNode()
                .put("mediaType", MEDIA + type)
                .put("digest", "sha256:" + digest(bytes))
                .put("size", bytes.length);
    }

    private static String blob(byte[] bytes) {
        return "blobs/sha256/" + digest(bytes);
    }

    private static byte[] bytes(Object json) throws IOException {
        return JSON.writeValueAsBytes(json);
    }

    static String digest(byte[] bytes) {
        return hex(sha256().digest(bytes));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the settings of an image. */
    static ObjectNode settings(
            String user, List<String> entryPoint, List<String> command, Map<String, String> variables) {
        ObjectNode settings = JSON.createObjectNode().put("User", user);
        entryPoint.forEach(settings.putArray("Entrypoint")::add);
        command.forEach(settings.putArray("Cmd")::add);
        variables.forEach((name, value) -> settings.withArray("Env").add(name + '=' + value));
        return settings;
    }
}
