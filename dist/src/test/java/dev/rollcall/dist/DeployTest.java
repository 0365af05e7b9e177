package dev.rollcall.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds what is in {@code deploy/} to the settings, ports and paths that the server has. */
class DeployTest {
    private static final Path PROJECT = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .normalize()
            .getParent();
    private static final Path DEPLOY = PROJECT.resolve("deploy");

    /** Refused as a secret, so that nobody runs with it. */
    private static final String PLACEHOLDER = "change-me";

    private static final String SECRET = "sec-c-0123456789abcdef";
    private static final Pattern VARIABLE = Pattern.compile("ROLLCALL_[A-Z_]+");

    static Stream<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.walk(DEPLOY)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    private static List<Object> documents(String file) throws IOException {
        Iterable<Object> read =
                new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(DEPLOY.resolve(file)));
        return StreamSupport.stream(read.spliterator(), false).toList();
    }

    private static Object at(Object from, Object... path) {
        Object found = from;
        for (Object step : path) {
            found = step instanceof Integer index ? ((List<?>) found).get(index) : ((Map<?, ?>) found).get(step);
            assertThat(found).as("%s of %s", step, Arrays.toString(path)).isNotNull();
        }
        return found;
    }

    private static Object kind(String kind) throws IOException {
        return documents("kubernetes/rollcall.yaml").stream()
                .filter(document -> at(document, "kind").equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static Object container() throws IOException {
        return at(kind("Deployment"), "spec", "template", "spec", "containers", 0);
    }

    private static Setting setting(String variable) {
        return Arrays.stream(Setting.values())
                .filter(setting -> setting.variable().equals(variable))
                .findFirst()
                .orElseThrow(() -> new AssertionError(variable + " is no setting"));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void variables_areSettings(Path file) throws IOException {
        Matcher matcher = VARIABLE.matcher(Files.readString(file));
        Set<String> variables = new TreeSet<>();
        while (matcher.find()) {
            variables.add(matcher.group());
        }
        Set<String> known =
                Arrays.stream(Setting.values()).map(Setting::variable).collect(Collectors.toSet());
        assertThat(known).containsAll(variables);
    }

    @Test
    void kubernetes_portsAreThoseOfTheServer() throws IOException {
        assertThat(at(container(), "ports", 0, "containerPort")).hasToString(Setting.PORT.defaultValue());
        assertThat(at(container(), "ports", 1, "containerPort")).hasToString(Setting.ADMIN_PORT.defaultValue());
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            assertThat(at(container(), probe, "httpGet", "port")).isEqualTo(at(container(), "ports", 1, "name"));
        }
        assertThat(at(container(), "readinessProbe", "httpGet", "path")).isEqualTo("/ready");
        assertThat(at(container(), "livenessProbe", "httpGet", "path")).isEqualTo("/health");
        assertThat(at(kind("Service"), "spec", "ports", 0, "targetPort"))
                .isEqualTo(at(container(), "ports", 0, "name"));
        assertThat(at(documents("kubernetes/podmonitor.yaml").get(0), "spec", "podMetricsEndpoints", 0, "port"))
                .isEqualTo(at(container(), "ports", 1, "name"));
    }

    @Test
    void kubernetes_selectorsFindThePods() throws IOException {
        Object labels = at(kind("Deployment"), "spec", "template", "metadata", "labels");
        assertThat(at(kind("Deployment"), "spec", "selector", "matchLabels")).isEqualTo(labels);
        assertThat(at(kind("Service"), "spec", "selector")).isEqualTo(labels);
        assertThat(at(kind("PodDisruptionBudget"), "spec", "selector", "matchLabels"))
                .isEqualTo(labels);
        assertThat(at(documents("kubernetes/podmonitor.yaml").get(0), "spec", "selector", "matchLabels"))
                .isEqualTo(labels);
    }

    @Test
    void kubernetes_givesTheServerTheTimeItTakesToStop() throws IOException {
        assertThat((Integer) at(kind("Deployment"), "spec", "template", "spec", "terminationGracePeriodSeconds"))
                .isGreaterThan((int) RollcallServer.CLOSE_WITHIN.toSeconds());
    }

    /** Reads the configuration as a container would, with the file at another place. */
    @Test
    void kubernetes_configurationIsTaken() throws IOException {
        Object secrets = at(kind("Secret"), "stringData");
        Map<String, String> environment = new TreeMap<>();
        for (Object variable : (List<?>) at(container(), "env")) {
            String name = (String) at(variable, "name");
            Object value = ((Map<?, ?>) variable).get("value");
            environment.put(
                    name,
                    value != null
                            ? value.toString()
                            : (String) at(secrets, at(variable, "valueFrom", "secretKeyRef", "key")));
        }
        Path file = Files.createTempFile("rollcall", ".yaml");
        try {
            environment.put(Setting.CONFIG.variable(), file.toString());
            Files.writeString(file, (String) at(secrets, "rollcall.yaml"));
            assertThatThrownBy(() -> ConfigReader.read(Map.of(), environment))
                    .hasMessageContaining("secret-key")
                    .hasMessageContaining("ROLLCALL_ADMIN_TOKEN");
            Files.writeString(file, Files.readString(file).replace(PLACEHOLDER, SECRET));
            environment.replaceAll((name, value) -> value.replace(PLACEHOLDER, SECRET));
            assertThat(ConfigReader.unknownVariables(environment)).isEmpty();
            assertThat(ConfigReader.read(new EnumMap<>(Setting.class), environment)
                            .adminHost())
                    .isEqualTo("0.0.0.0");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void compose_configurationIsTaken() throws IOException {
        Map<String, String> environment = new TreeMap<>();
        ((Map<?, ?>) at(documents("compose.yaml").get(0), "services", "rollcall-1", "environment"))
                .forEach((name, value) -> environment.put(name.toString(), value.toString()));
        environment.keySet().forEach(DeployTest::setting);
        assertThat(ConfigReader.read(new EnumMap<>(Setting.class), environment).redis())
                .isNotNull();
    }

    /** What is commented out in it is what an administrator is going to switch on. */
    @Test
    void configurationOfThePackages_isTakenAsItIsAndWithEverythingSwitchedOn() throws IOException {
        String text = Files.readString(PROJECT.resolve("dist/src/main/files/rollcall.yaml"));
        List<String> lines = new ArrayList<>();
        text.lines()
                .map(line -> line.matches("#( *- | +[a-z]|[a-z]).*: .*|#[a-z-]+:") ? line.substring(1) : line)
                .forEach(lines::add);
        Path file = Files.createTempFile("rollcall", ".yaml");
        try {
            for (String written : List.of(text, String.join("\n", lines).replace(PLACEHOLDER, SECRET) + '\n')) {
                Files.writeString(file, written);
                ConfigReader.read(Map.of(Setting.CONFIG, file.toString()), Map.of());
            }
            assertThat(ConfigReader.read(Map.of(Setting.CONFIG, file.toString()), Map.of())
                            .keysets())
                    .hasSize(1);
        } finally {
            Files.delete(file);
        }
    }
}
