package dev.rollcall.server.admin;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.rollcall.engine.directory.PageQuery;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.operator.Operator;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request to the API, its path and query taken apart and checked. Used by one thread at a time. */
final class AdminCall {
    static final Parameter LIMIT = Parameter.number("limit", 1, PageQuery.MOST, 100L, "The most entries of the page.");
    static final Parameter CURSOR = Parameter.text("cursor", "What the page before said in next.");

    private final Request request;
    private final Exchange exchange;
    private final Operator operator;
    private final Map<String, String> variables;
    private final Map<String, String> query;

    private AdminCall(
            Request request,
            Exchange exchange,
            Operator operator,
            Map<String, String> variables,
            Map<String, String> query) {
        this.request = request;
        this.exchange = exchange;
        this.operator = operator;
        this.variables = variables;
        this.query = query;
    }

    /** Makes a call, and refuses a query that the endpoint does not take. */
    static AdminCall of(Request request, Exchange exchange, Operator operator, EndpointTable.Match match) {
        return new AdminCall(
                request,
                exchange,
                operator,
                match.variables(),
                query(request.rawQuery(), match.endpoint().parameters()));
    }

    private static Map<String, String> query(@Nullable String raw, List<Parameter> known) {
        var query = new HashMap<String, String>();
        if (raw != null && !raw.isEmpty()) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = PathText.decode(equals < 0 ? pair : pair.substring(0, equals), true);
                String value = equals < 0 ? "" : PathText.decode(pair.substring(equals + 1), true);
                Parameter parameter = known.stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> unknown(name, known));
                if (query.putIfAbsent(name, value) != null) {
                    throw new AdminException(400, name + ": given twice", "once");
                }
                parameter.check(value);
            }
        }
        for (Parameter parameter : known) {
            String absent = parameter.absent();
            if (absent != null) {
                query.putIfAbsent(parameter.name(), absent);
            } else if (parameter.isRequired()
                    && query.getOrDefault(parameter.name(), "").isEmpty()) {
                throw new AdminException(400, parameter.name() + ": none", parameter.meaning());
            }
        }
        return query;
    }

    private static AdminException unknown(String name, List<Parameter> known) {
        String shown = name.length() > 100 ? name.substring(0, 100) + '…' : name;
        String names = String.join(", ", known.stream().map(Parameter::name).toList());
        return new AdminException(400, shown + ": unknown parameter", names.isEmpty() ? "none" : names);
    }

    Request request() {
        return request;
    }

    Exchange exchange() {
        return exchange;
    }

    Operator operator() {
        return operator;
    }

    private String variable(String name) {
        return requireNonNull(variables.get(name), name);
    }

    SubscribeKey key() {
        return new SubscribeKey(variable("key"));
    }

    Channel channel() {
        return new Channel(variable("channel"));
    }

    ChannelGroup group() {
        return new ChannelGroup(variable("group"));
    }

    UserId user() {
        return new UserId(variable("user"));
    }

    /** Returns a text of the query, empty if it is not given. */
    String text(String name) {
        return query.getOrDefault(name, "");
    }

    /** Returns the entries of a list of the query, none if it is not given. */
    List<String> texts(String name) {
        String text = text(name);
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(",", -1));
    }

    /** Returns a number of the query, which must have a default. */
    long number(String name) {
        return Long.parseLong(requireNonNullElse(query.get(name), "0"));
    }

    boolean has(String name) {
        return query.containsKey(name);
    }

    /** Returns the page that the query asks for. */
    PageQuery page() {
        String cursor = text("cursor");
        return new PageQuery(text("prefix"), cursor.isEmpty() ? null : cursor, (int) number("limit"));
    }
}
