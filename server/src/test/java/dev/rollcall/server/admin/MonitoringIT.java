package dev.rollcall.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.server.metrics.CachedCounts;
import dev.rollcall.server.metrics.MetricsPage;
import dev.rollcall.server.metrics.ServerMetrics;
import dev.rollcall.server.metrics.Vitals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The dashboard and the rules ask for what the server shows: every metric they name is there, with every label they look at. */
class MonitoringIT {
    private static final Path DIRECTORY = Path.of(System.getProperty("basedir", "."))
            .resolve("../deploy/monitoring")
            .normalize();

    /** A metric and what is asked of its labels. */
    private static final Pattern SELECTOR = Pattern.compile("\\b((?:rollcall|jvm|process)_[a-z_]+)(\\{[^}]*})?");

    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)");
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(?:=~|!=|!~|=)\"");
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-z_]+)(?:\\{([^}]*)})? ");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    /** Those that Prometheus adds. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    @TempDir
    Path data;

    private final List<String> problems = new ArrayList<>();

    @Test
    void everyQuery_asksForWhatThereIs() throws Exception {
        Map<String, Set<String>> series;
        try (AdminServer server = new AdminServer(config -> config.withData(data))) {
            server.client("/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice&heartbeat=30");
            server.client("/v2/presence/sub-key/demo/channel/lobby/leave?uuid=alice");
            server.client("/v2/presence/sub-key/demo/channel/lobby/nothing");
            server.raw("GET /health", "Host: x");
            server.get("/metrics");
            System.gc();
            // The collector tells of a pause a little later.
            await().until(() -> server.get("/metrics").body().contains("jvm_gc_pause_seconds_sum"));
            series = series(server.get("/metrics").body());
        }
        series(pageOfWhatIsRare()).forEach(series::putIfAbsent);
        for (String query : queries()) {
            check(query, series);
        }
        assertThat(problems).isEmpty();
    }

    /** What a server on its own, of which nothing was refused, does not show. */
    private static String pageOfWhatIsRare() {
        var metrics = new ServerMetrics();
        metrics.scripts().onCall("channel").onEnd(true);
        metrics.onRequestRefused(413);
        var counts = new CachedCounts(() -> new EngineCounts(0, 0, 0, 0, 0, 0, 0, 0), System::nanoTime);
        var daemons = new Daemons(System::nanoTime);
        daemons.thread("x").close();
        try (var page = new MetricsPage(metrics, counts, MemoryBudget.unlimited(), new Vitals(), daemons)) {
            return page.text();
        }
    }

    private static Map<String, Set<String>> series(String page) {
        Map<String, Set<String>> series = new HashMap<>();
        Matcher line = SERIES.matcher(page);
        while (line.find()) {
            Set<String> labels = series.computeIfAbsent(line.group(1), name -> new HashSet<>());
            Matcher label = LABEL.matcher(line.group(2) == null ? "" : line.group(2));
            while (label.find()) {
                labels.add(label.group(1));
            }
        }
        return series;
    }

    private static List<String> queries() throws Exception {
        List<String> queries = new ArrayList<>();
        JsonNode dashboard =
                new ObjectMapper().readTree(Files.readAllBytes(DIRECTORY.resolve("rollcall-dashboard.json")));
        dashboard
                .path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> queries.add(target.path("expr").asText())));
        assertThat(queries).as("of the dashboard").hasSizeGreaterThan(20).doesNotContain("");
        Map<String, List<Map<String, List<Map<String, Object>>>>> rules =
                new Yaml().load(Files.readString(DIRECTORY.resolve("rollcall-alerts.yaml")));
        int before = queries.size();
        rules.get("groups")
                .forEach(group -> group.get("rules").forEach(rule -> {
                    queries.add((String) rule.get("expr"));
                    assertThat(rule).containsKeys("alert", "labels", "annotations");
                }));
        assertThat(queries.size() - before).as("rules").isGreaterThan(10);
        return queries;
    }

    private void check(String query, Map<String, Set<String>> series) {
        Set<String> known = new HashSet<>(OF_PROMETHEUS);
        Matcher selector = SELECTOR.matcher(query);
        while (selector.find()) {
            Set<String> labels = series.get(selector.group(1));
            if (labels == null) {
                problems.add(selector.group(1) + " is not shown: " + query);
                continue;
            }
            known.addAll(labels);
            Matcher matcher = MATCHER.matcher(selector.group(2) == null ? "" : selector.group(2));
            while (matcher.find()) {
                if (!labels.contains(matcher.group(1)) && !OF_PROMETHEUS.contains(matcher.group(1))) {
                    problems.add(selector.group(1) + " has no label " + matcher.group(1) + ": " + query);
                }
            }
        }
        Matcher grouping = GROUPING.matcher(query);
        while (grouping.find()) {
            Arrays.stream(grouping.group(1).split(",", -1)).map(String::strip).forEach(label -> {
                if (!known.contains(label)) {
                    problems.add("no label " + label + ": " + query);
                }
            });
        }
    }
}
