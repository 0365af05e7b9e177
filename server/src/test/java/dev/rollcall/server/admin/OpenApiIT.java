package dev.rollcall.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.server.admin.AdminServer.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The description of the API says what the API does: every operation it names is asked for, and every answer held against it. */
class OpenApiIT {
    private static final String API = "/admin/v1";
    private static final Map<String, String> VARIABLES =
            Map.of("key", "demo", "channel", "lobby", "user", "alice", "group", "friends");

    private static final Path PAGE = Path.of(System.getProperty("basedir", "."))
            .resolve("../docs/admin.md")
            .normalize();

    private final List<String> problems = new ArrayList<>();

    @Test
    void everyOperation_answersAsDescribed() throws Exception {
        try (AdminServer server = new AdminServer(config -> config)) {
            server.client("/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice&heartbeat=30");
            server.client("/v2/presence/sub-key/demo/channel/lobby/uuid/alice/data?state=%7B%22a%22%3A1%7D");
            server.client("/v1/channel-registration/sub-key/demo/channel-group/friends?add=lobby");
            JsonNode document = server.get(API + "/openapi.json").json();
            assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
            Set<String> names = new HashSet<>();
            for (var path : document.path("paths").properties()) {
                for (var operation : path.getValue().properties()) {
                    assertThat(names.add(
                                    operation.getValue().path("operationId").asText()))
                            .as("operationId of " + path.getKey())
                            .isTrue();
                    check(server, operation.getKey(), path.getKey(), operation.getValue());
                    String named = "`" + operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey() + "`";
                    assertThat(Files.readString(PAGE)).as("docs/admin.md").contains(named);
                }
            }
            assertThat(names).hasSizeGreaterThan(20);
        }
        assertThat(problems).isEmpty();
    }

    private void check(AdminServer server, String method, String path, JsonNode operation) throws Exception {
        String what = method + " " + path;
        JsonNode content = operation.path("responses").path("200").path("content");
        if (content.has("text/event-stream")) {
            return;
        }
        Answer answer = ask(server, method, filled(path) + required(operation), operation);
        if (answer.status() == 501) {
            // Not by this engine; then it is said in so many words.
            assertThat(answer.error().path("message").asText()).contains("engine");
            return;
        }
        // What has no token has no session either.
        int expected = what.equals("post /session") ? 409 : 200;
        if (answer.status() != expected) {
            problems.add(what + ": " + answer);
        } else if (expected == 200) {
            compare(what, content.path("application/json").path("schema"), answer.json());
        }
    }

    private static String filled(String path) {
        String filled = path;
        for (var variable : VARIABLES.entrySet()) {
            filled = filled.replace("{" + variable.getKey() + "}", variable.getValue());
        }
        assertThat(filled).doesNotContain("{");
        return filled;
    }

    private static String required(JsonNode operation) {
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.path("parameters")) {
            String name = parameter.path("name").asText();
            boolean isNeeded = parameter.path("required").asBoolean() || name.equals("key");
            if (parameter.path("in").asText().equals("query") && isNeeded) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(VARIABLES.get(name));
            }
        }
        return query.toString();
    }

    private static Answer ask(AdminServer server, String method, String path, JsonNode operation) throws Exception {
        if (method.equals("get")) {
            return server.get(API + path);
        }
        String type = operation.path("requestBody").path("content").has("application/yaml")
                ? "application/yaml"
                : "application/json";
        String body = type.endsWith("yaml") ? "port: 1\n" : path.equals("/session") ? "{\"token\":\"x\"}" : "{}";
        HttpRequest request = HttpRequest.newBuilder(server.admin(API + path))
                .header("Content-Type", type)
                .header("X-Rollcall", "1")
                .method(method.toUpperCase(Locale.ROOT), BodyPublishers.ofString(body))
                .build();
        var answer = server.http().send(request, BodyHandlers.ofString());
        return new Answer(answer.statusCode(), Map.of(), answer.body());
    }

    private void compare(String where, JsonNode schema, JsonNode value) {
        String type = schema.path("type").asText();
        boolean isOfType = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> false;
        };
        if (!isOfType) {
            problems.add(where + ": " + value + " is no " + type);
            return;
        }
        if (schema.has("properties")) {
            for (JsonNode name : schema.path("required")) {
                if (!value.has(name.asText())) {
                    problems.add(where + ": " + name + " is missing in " + value);
                }
            }
            for (var member : value.properties()) {
                JsonNode described = schema.path("properties").path(member.getKey());
                if (described.isMissingNode()) {
                    problems.add(where + ": " + member.getKey() + " is not described");
                } else {
                    compare(where + "." + member.getKey(), described, member.getValue());
                }
            }
        }
        for (JsonNode item : type.equals("array") ? value : List.<JsonNode>of()) {
            compare(where + "[]", schema.path("items"), item);
        }
    }
}
