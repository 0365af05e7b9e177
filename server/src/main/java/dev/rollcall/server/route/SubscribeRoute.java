package dev.rollcall.server.route;

import dev.rollcall.engine.Answer;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.Timetoken;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.metrics.RequestMetrics;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What happened since …? {@code /v2/subscribe/{key}/{channels}/0}: answered at once or held until there is something to tell. */
final class SubscribeRoute implements Route {
    private static final int KEY = 2;
    private static final int CHANNELS = 3;
    private static final int CALLBACK = 4;

    private final Subscriptions subscriptions;
    private final Gateway gateway;
    private final PollResponse.Form form;

    SubscribeRoute(Gateway gateway, Subscriptions subscriptions, RequestMetrics metrics) {
        this.gateway = gateway;
        this.subscriptions = subscriptions;
        form = new PollResponse.Form(metrics, Answer::body, true);
    }

    @Override
    public void serve(Call call) {
        if (call.path.size() < CHANNELS + 1 || call.path.size() > CALLBACK + 1) {
            throw Router.notFound();
        }
        call.is(Operation.SUBSCRIBE);
        call.requireGet();
        call.wrapIn(call.path.segment(CALLBACK));
        SubscribeKey key = gateway.key(call, KEY);
        Subscriptions.Admitted subscribe = subscriptions.read(call, key, CHANNELS, cursor(call.query));
        Jsonp callback = call.callback();
        subscriptions.subscribe(call, subscribe, callback == null ? form : form.wrappedIn(callback));
    }

    private static long cursor(Query query) {
        String timetoken = query.text("tt");
        if (timetoken == null) {
            String position = query.text("t");
            timetoken = position == null ? null : timetokenOf(position);
        }
        return timetoken == null ? 0 : timetoken(timetoken);
    }

    /** Returns the timetoken of a position as one client sends it, {@code {"t":"…","r":…}}. */
    private static String timetokenOf(String position) {
        Map<String, byte[]> members = Json.members(position);
        byte[] timetoken = members == null ? null : members.get("t");
        if (timetoken == null) {
            throw new ProtocolException(
                    ErrorCode.INVALID_TIMETOKEN, "t: not a position (expected: {\"t\":\"…\",\"r\":…})");
        }
        return new String(timetoken, StandardCharsets.UTF_8).replace("\"", "");
    }

    static long timetoken(String text) {
        try {
            return Timetoken.parse(text).value();
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(ErrorCode.INVALID_TIMETOKEN, String.valueOf(e.getMessage()));
        }
    }
}
