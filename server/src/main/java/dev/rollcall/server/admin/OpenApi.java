package dev.rollcall.server.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Describes the API as OpenAPI 3.1 has it, out of the very list of endpoints that serves it. */
final class OpenApi {
    private static final Shape ERROR = Shape.object(Shape.object(
            "error",
            "",
            Shape.number("status", "The HTTP status."),
            Shape.text("message", "What is wrong, beginning with the name of the parameter if it is one."),
            Shape.maybe(Shape.text("expected", "What was expected in its place."))));

    private OpenApi() {}

    static byte[] document(List<Endpoint> endpoints, String version) {
        Map<String, List<Endpoint>> byPath = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> byPath.computeIfAbsent(endpoint.path(), path -> new ArrayList<>())
                .add(endpoint));
        return JsonOut.object(json -> {
            json.text("openapi", "3.1.0");
            json.object("info", info -> info.text("title", "Rollcall admin API").text("version", version));
            json.list("servers", List.of(AdminApi.PREFIX), path -> json.item(server -> server.text("url", path)));
            json.list(
                    "security", List.of("token", "session"), scheme -> json.item(one -> one.texts(scheme, List.of())));
            json.object(
                    "paths",
                    paths -> byPath.forEach((path, operations) -> paths.object(
                            path,
                            item -> operations.forEach(endpoint -> item.object(
                                    endpoint.method().toLowerCase(Locale.ROOT),
                                    operation -> write(operation, endpoint))))));
            json.object("components", components -> {
                components.object("schemas", schemas -> schemas.object("Error", schema -> write(schema, ERROR)));
                components.object("securitySchemes", schemes -> {
                    schemes.object(
                            "token", scheme -> scheme.text("type", "http").text("scheme", "bearer"));
                    schemes.object(
                            "session",
                            scheme -> scheme.text("type", "apiKey")
                                    .text("in", "cookie")
                                    .text("name", "rollcall-session"));
                });
            });
        });
    }

    private static void write(JsonOut json, Endpoint endpoint) {
        json.text("summary", endpoint.summary());
        json.text("operationId", operationId(endpoint));
        List<String> variables = EndpointTable.variables(endpoint);
        List<Runnable> parameters = new ArrayList<>();
        for (String variable : variables) {
            parameters.add(() -> json.item(one -> one.text("name", variable)
                    .text("in", "path")
                    .flag("required", true)
                    .object("schema", schema -> schema.text("type", "string"))));
        }
        for (Parameter parameter : endpoint.parameters()) {
            parameters.add(() -> json.item(one -> one.text("name", parameter.name())
                    .text("in", "query")
                    .text("description", parameter.meaning())
                    .flag("required", parameter.isRequired())
                    .object("schema", schema -> write(schema, parameter))));
        }
        if (endpoint.isChange()) {
            parameters.add(() -> json.item(one -> one.text("name", "X-Rollcall")
                    .text("in", "header")
                    .text("description", "Says that a change is meant.")
                    .flag("required", true)
                    .object("schema", schema -> schema.text("const", "1"))));
        }
        json.list("parameters", parameters, Runnable::run);
        Endpoint.Body body = endpoint.body();
        if (body != null) {
            json.object(
                    "requestBody",
                    request -> request.flag("required", true)
                            .object(
                                    "content",
                                    content -> content.object(
                                            body.mediaType(),
                                            type -> type.object("schema", schema -> write(schema, body.shape())))));
        }
        json.object("responses", responses -> {
            responses.object("200", ok -> {
                ok.text("description", "As asked.");
                ok.object("content", content -> writeContent(content, endpoint));
            });
            responses.object(
                    "default",
                    error -> error.text("description", "Not as asked.")
                            .object(
                                    "content",
                                    content -> content.object(
                                            "application/json",
                                            type -> type.object(
                                                    "schema",
                                                    schema -> schema.text("$ref", "#/components/schemas/Error")))));
        });
    }

    private static void writeContent(JsonOut content, Endpoint endpoint) {
        Shape answer = endpoint.answer();
        if (answer == null) {
            for (String type : List.of(EventFormat.SSE.mediaType(), EventFormat.NDJSON.mediaType())) {
                content.object(type, media -> media.object("schema", schema -> schema.text("type", "string")));
            }
        } else {
            content.object("application/json", type -> type.object("schema", schema -> write(schema, answer)));
        }
    }

    /** Returns a name made of method and path, such as {@code getKeysetsUsersExplain}. */
    private static String operationId(Endpoint endpoint) {
        StringBuilder id = new StringBuilder(endpoint.method().toLowerCase(Locale.ROOT));
        String last = "";
        for (String segment : endpoint.segments()) {
            boolean isVariable = EndpointTable.isVariable(segment);
            String word = isVariable ? segment.substring(1, segment.length() - 1) : segment.replace(".json", "");
            // A name in a path is worth a word only where it makes the difference: the entry and not the list.
            String shown = isVariable ? "By" + capital(word) : capital(word);
            id.append(shown);
            last = shown;
        }
        return last.isEmpty() ? id.append("Root").toString() : id.toString();
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static void write(JsonOut schema, Parameter parameter) {
        switch (parameter.type()) {
            case TEXT, TEXTS -> schema.text("type", "string").number("maxLength", parameter.most());
            case NUMBER ->
                schema.text("type", "integer")
                        .number("minimum", parameter.least())
                        .number("maximum", parameter.most());
            case WORD -> schema.text("type", "string").texts("enum", parameter.words());
            case WORDS ->
                schema.text("type", "string")
                        .text("description", "Of these, separated by commas: " + String.join(", ", parameter.words()));
        }
        String absent = parameter.absent();
        if (absent == null) {
            return;
        }
        if (parameter.type() == Parameter.Type.NUMBER) {
            schema.number("default", Long.parseLong(absent));
        } else {
            schema.text("default", absent);
        }
    }

    private static void write(JsonOut schema, Shape shape) {
        if (shape instanceof Shape.Text text) {
            schema.text("type", "string").text("format", text.format().isEmpty() ? null : text.format());
        } else if (shape instanceof Shape.Numeral number) {
            schema.text("type", number.isWhole() ? "integer" : "number");
        } else if (shape instanceof Shape.Flag) {
            schema.text("type", "boolean");
        } else if (shape instanceof Shape.Anything) {
            schema.text("type", "object");
        } else if (shape instanceof Shape.Items items) {
            schema.text("type", "array").object("items", item -> write(item, items.item()));
        } else if (shape instanceof Shape.Members members) {
            schema.text("type", "object");
            schema.object(
                    "properties",
                    properties -> members.members()
                            .forEach(member ->
                                    properties.object(member.name(), property -> write(property, member.shape()))));
            List<String> required = members.members().stream()
                    .filter(Shape.Member::isAlwaysThere)
                    .map(Shape.Member::name)
                    .toList();
            if (!required.isEmpty()) {
                schema.texts("required", required);
            }
        }
        if (!shape.meaning().isEmpty()) {
            schema.text("description", shape.meaning());
        }
    }
}
