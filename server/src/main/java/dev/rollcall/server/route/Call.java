package dev.rollcall.server.route;

import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.access.Refusal;
import dev.rollcall.server.access.signature.SignedRequest;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import dev.rollcall.server.limit.LimitReachedException;
import dev.rollcall.server.metrics.RequestLog;
import dev.rollcall.server.metrics.RequestMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way through a route: its parts, and the way back. Used by one thread until the engine is asked; after that only to
 * answer, from whatever thread.
 */
final class Call {
    private static final Logger log = LoggerFactory.getLogger(Call.class);

    /** Seconds; clients put their own back-off on top. */
    private static final Map<String, String> RETRY_LATER = Map.of("Retry-After", "1");

    final Request request;
    final Exchange exchange;
    final Path path;
    final Query query;

    private final RequestMetrics metrics;
    private final long startNanos = System.nanoTime();
    private Operation operation = Operation.UNKNOWN;
    private @Nullable SubscribeKey key;
    private @Nullable Jsonp callback;

    Call(Request request, Exchange exchange, RequestMetrics metrics) {
        this.request = request;
        this.exchange = exchange;
        this.metrics = metrics;
        this.path = Path.of(request.rawPath());
        this.query = Query.of(request.rawQuery());
    }

    /** Says what the request asks for, as soon as that is known. */
    void is(Operation recognized) {
        operation = recognized;
    }

    /** Says which keyset the request is about, as soon as that is known. */
    void isAbout(SubscribeKey known) {
        key = known;
    }

    Operation operation() {
        return operation;
    }

    /** Returns what the signature of the request covers, or null if it has none. */
    @Nullable
    SignedRequest signed() {
        return query.text("signature") == null ? null : signedParts();
    }

    /** Returns what a signature of the request would cover. */
    SignedRequest signedParts() {
        return new SignedRequest(request.method(), request.rawPath(), request.rawQuery(), request.body());
    }

    /** Refuses any other method than GET. */
    void requireGet() {
        if (!request.method().equals("GET")) {
            throw new MethodNotAllowedException("GET");
        }
    }

    /** Refuses any other method than GET and POST. */
    void requireGetOrPost() {
        String method = request.method();
        if (!method.equals("GET") && !method.equals("POST")) {
            throw new MethodNotAllowedException("GET, POST");
        }
    }

    /** Has every answer wrapped in a call of the function a client named, if it named one. */
    void wrapIn(@Nullable String function) {
        callback = Jsonp.of(function);
    }

    @Nullable
    Jsonp callback() {
        return callback;
    }

    /** Returns who asks, or null if the request does not say. */
    @Nullable
    UserId user() {
        String uuid = query.text("uuid");
        return uuid == null ? null : new UserId(uuid);
    }

    /** Returns who asks, and refuses a request that does not say. */
    UserId requireUser() {
        UserId user = user();
        if (user == null) {
            throw new ProtocolException(ErrorCode.MISSING_USER_ID);
        }
        return user;
    }

    /** Returns the channels of a path segment. */
    List<Channel> channels(int index) {
        return channels(path.names(index));
    }

    /** Returns the channel groups of the query. */
    List<ChannelGroup> groups() {
        List<String> names = query.names("channel-group");
        if (names.isEmpty()) {
            return List.of();
        }
        var groups = new ArrayList<ChannelGroup>(names.size());
        for (String name : names) {
            groups.add(new ChannelGroup(name));
        }
        return groups;
    }

    static List<Channel> channels(List<String> names) {
        if (names.size() == 1) {
            return List.of(new Channel(names.get(0)));
        }
        var channels = new ArrayList<Channel>(names.size());
        for (String name : names) {
            channels.add(new Channel(name));
        }
        return channels;
    }

    /** Answers when {@code stage} completes: with what {@code answer} makes of its value, or with its failure. */
    <T> void respondWhen(CompletionStage<T> stage, Function<T, Response> answer) {
        stage.whenComplete((value, failure) -> {
            if (failure != null) {
                fail(failure);
                return;
            }
            try {
                respond(answer.apply(value));
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        });
    }

    /** Does a part of the work and answers with the failure if it fails. */
    void attempt(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Answers. */
    void respond(Response response) {
        long nanos = System.nanoTime() - startNanos;
        metrics.answered(operation, response.status(), nanos);
        RequestLog log = metrics.log();
        if (log != null) {
            log.answered(operation, key, userText(), response.status(), nanos, request.client());
        }
        Jsonp wrapper = callback;
        exchange.respond(wrapper == null ? response : wrapper.wrap(response));
    }

    /** Answers with an error. */
    void fail(Throwable failure) {
        Response response = errorResponse(operation, failure);
        SubscribeKey known = key;
        String user = known == null ? null : userText();
        if (known != null && user != null) {
            metrics.refusals().add(known, user, response.status(), reason(failure));
        }
        respond(response);
    }

    /** Returns who asks, as they say, or null where they do not, or not in a way that can be read. */
    private @Nullable String userText() {
        try {
            return query.text("uuid");
        } catch (InvalidValueException e) {
            return null;
        }
    }

    /** Returns why a request was refused, in words for an operator. */
    private static String reason(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof RefusedException refused) {
            return refused.refusal().text();
        }
        if (cause instanceof ProtocolException
                || cause instanceof InvalidValueException
                || cause instanceof LimitReachedException) {
            return String.valueOf(cause.getMessage());
        }
        return cause instanceof MethodNotAllowedException
                ? ErrorCode.METHOD_NOT_ALLOWED.text()
                : ErrorCode.INTERNAL.text();
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Returns the answer to a request that failed. */
    static Response errorResponse(Operation operation, Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof ProtocolException known) {
            return known.channels().isEmpty() && known.groups().isEmpty()
                    ? errorResponse(known.code(), known.text())
                    : errorResponse(operation, new RefusedException(new Refusal(known.channels(), known.groups())));
        }
        if (cause instanceof LimitReachedException reached) {
            ErrorCode code = ErrorCode.RATE_LIMITED;
            return new Response(
                    code.status(),
                    Kind.FEED,
                    code.body(code.text() + ", " + reached.getMessage()),
                    Map.of("Retry-After", Integer.toString(reached.retryAfterSeconds())));
        }
        if (cause instanceof RefusedException refused) {
            Refusal refusal = refused.refusal();
            return new Response(refusal.status(), Kind.ACCESS_MANAGER, refusal.body(), refusal.headers());
        }
        if (cause instanceof MethodNotAllowedException refused) {
            ErrorCode code = ErrorCode.METHOD_NOT_ALLOWED;
            return new Response(code.status(), Kind.FEED, code.body(code.text()), Map.of("Allow", refused.allowed()));
        }
        if (cause instanceof InvalidValueException wrong) {
            return errorResponse(operation.argumentError(), wrong.text());
        }
        // Any other error is the request's own.
        FatalErrors.check(cause);
        log.error("request failed operation={}", operation.label(), cause);
        return errorResponse(ErrorCode.INTERNAL, ErrorCode.INTERNAL.text());
    }

    private static Response errorResponse(ErrorCode code, String text) {
        if (code == ErrorCode.UNAVAILABLE || code == ErrorCode.RATE_LIMITED) {
            return new Response(code.status(), Kind.FEED, code.body(text), RETRY_LATER);
        }
        return switch (code.service()) {
            case PRESENCE -> new Response(code.status(), Kind.PRESENCE, code.body(text));
            case CHANNEL_GROUPS -> new Response(code.status(), Kind.CHANNEL_GROUPS, code.body(text));
            case ACCESS_MANAGER -> new Response(code.status(), Kind.ACCESS_MANAGER, Replies.line(code.body(text)));
            case PUBLISH -> new Response(code.status(), Kind.FEED, Replies.notSent(text));
            case SUBSCRIBE, BALANCER -> new Response(code.status(), Kind.FEED, code.body(text));
        };
    }
}
