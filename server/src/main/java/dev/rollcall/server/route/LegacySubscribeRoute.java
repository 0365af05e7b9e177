package dev.rollcall.server.route;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.metrics.RequestMetrics;
import java.util.List;
import java.util.function.Function;

/**
 * Version 1 of subscribe, {@code /subscribe/{key}/{channels}/{callback or 0}/{timetoken}}. Answers are arrays: payloads, next timetoken,
 * and as many lists of names, parallel to the payloads, as the client needs to tell them apart.
 */
final class LegacySubscribeRoute implements Route {
    private static final int KEY = 1;
    private static final int CHANNELS = 2;
    private static final int CALLBACK = 3;
    private static final int TIMETOKEN = 4;

    private final Subscriptions subscriptions;
    private final Gateway gateway;
    private final PollResponse.Form oneChannel;
    private final PollResponse.Form manyChannels;
    private final PollResponse.Form matches;

    LegacySubscribeRoute(Gateway gateway, Subscriptions subscriptions, RequestMetrics metrics) {
        this.gateway = gateway;
        this.subscriptions = subscriptions;
        oneChannel = new PollResponse.Form(metrics, LegacySubscribeRoute::payloads, false);
        manyChannels = new PollResponse.Form(metrics, LegacySubscribeRoute::payloadsWithChannels, false);
        matches = new PollResponse.Form(metrics, LegacySubscribeRoute::payloadsWithMatches, false);
    }

    @Override
    public void serve(Call call) {
        Path path = call.path;
        if (path.size() != TIMETOKEN + 1) {
            throw Router.notFound();
        }
        call.is(Operation.SUBSCRIBE);
        call.requireGet();
        call.wrapIn(path.segment(CALLBACK));
        SubscribeKey key = gateway.key(call, KEY);
        long cursor = SubscribeRoute.timetoken(path.segment(TIMETOKEN));
        Subscriptions.Admitted subscribe = subscriptions.read(call, key, CHANNELS, cursor);
        PollResponse.Form form = form(subscribe.subscribe());
        Jsonp callback = call.callback();
        subscriptions.subscribe(call, subscribe, callback == null ? form : form.wrappedIn(callback));
    }

    private PollResponse.Form form(Subscribe subscribe) {
        boolean indirect = !subscribe.groups().isEmpty();
        for (int i = 0; i < subscribe.channels().size() && !indirect; i++) {
            indirect = subscribe.channels().get(i).base().isWildcard();
        }
        if (indirect) {
            return matches;
        }
        return subscribe.channels().size() > 1 ? manyChannels : oneChannel;
    }

    private static byte[] payloads(Answer answer) {
        return begin(answer).raw(']').toByteArray();
    }

    private static byte[] payloadsWithChannels(Answer answer) {
        JsonWriter out = begin(answer);
        writeNames(out, answer.deliveries(), LegacySubscribeRoute::channel);
        return out.raw(']').toByteArray();
    }

    private static byte[] payloadsWithMatches(Answer answer) {
        JsonWriter out = begin(answer);
        writeNames(out, answer.deliveries(), LegacySubscribeRoute::match);
        writeNames(out, answer.deliveries(), LegacySubscribeRoute::channel);
        return out.raw(']').toByteArray();
    }

    private static JsonWriter begin(Answer answer) {
        JsonWriter out = new JsonWriter(64 + answer.deliveries().size() * 256).raw("[[");
        String separator = "";
        for (Delivery delivery : answer.deliveries()) {
            delivery.message().envelope().writePayload(out.raw(separator));
            separator = ",";
        }
        return out.raw("],\"").number(answer.timetoken()).raw('"');
    }

    private static void writeNames(JsonWriter out, List<Delivery> deliveries, Function<Delivery, String> name) {
        if (!deliveries.isEmpty()) {
            out.raw(',').string(String.join(",", deliveries.stream().map(name).toList()));
        }
    }

    private static String channel(Delivery delivery) {
        return delivery.message().channel().name();
    }

    private static String match(Delivery delivery) {
        String match = delivery.match();
        return match == null ? channel(delivery) : match;
    }
}
