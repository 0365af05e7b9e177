package dev.rollcall.server.route;

import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.filter.FilterCache;
import dev.rollcall.server.limit.PollSlot;
import dev.rollcall.server.metrics.RequestLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What both versions of subscribe share: their parameters, and the way to the engine. */
final class Subscriptions {
    private final Gateway gateway;
    private final FilterCache filters = new FilterCache();

    /** A subscribe, and what it stands on. */
    record Admitted(Subscribe subscribe, Admission admission) {}

    Subscriptions(Gateway gateway) {
        this.gateway = gateway;
    }

    /**
     * Reads a subscribe.
     *
     * @param channelsIndex the path segment of its channels
     * @param cursor its cursor, 0 for a handshake
     */
    Admitted read(Call call, SubscribeKey key, int channelsIndex, long cursor) {
        List<Channel> channels = call.channels(channelsIndex);
        List<ChannelGroup> groups = call.groups();
        if (channels.isEmpty() && groups.isEmpty()) {
            throw new InvalidValueException("channel: none (expected: a channel or a channel group)");
        }
        UserId user = call.user();
        Admission admission = gateway.admitPoll(call, key, channels, groups, user);
        Query query = call.query;
        Subscribe subscribe = new Subscribe(
                key,
                user,
                channels,
                groups,
                cursor,
                PresenceTimeouts.parse(query.text("heartbeat")),
                States.parseMap(query, channels, groups),
                filter(query.text("filter-expr")),
                PollClient.of(call));
        return new Admitted(subscribe, admission);
    }

    private @Nullable MessageFilter filter(@Nullable String expression) {
        return expression == null ? null : filters.get(expression);
    }

    /** Hands a subscribe to the engine, if its groups are not too large, and has it answered in {@code form}. */
    void subscribe(Call call, Admitted admitted, PollResponse.Form form) {
        Subscribe subscribe = admitted.subscribe;
        if (subscribe.groups().isEmpty()) {
            hand(call, admitted, form);
            return;
        }
        var size =
                new Expansion.Size(subscribe.channels().size(), States.largest(subscribe.states(), subscribe.groups()));
        Expansion.check(
                call, gateway, subscribe.key(), size, subscribe.groups(), channels -> hand(call, admitted, form));
    }

    private void hand(Call call, Admitted admitted, PollResponse.Form form) {
        Subscribe subscribe = admitted.subscribe;
        Admission admission = admitted.admission;
        RequestLog log = form.metrics().log();
        PollResponse response =
                log == null ? new PollResponse(call.exchange, form) : new LoggedPoll(call, subscribe, form, log);
        PollSlot slot = gateway.limits().poll(call.request.client(), subscribe.key());
        boolean isRevocable = admission.isRevocable();
        if (slot == null && !isRevocable) {
            Poll poll = gateway.engine().subscribe(subscribe, response);
            response.waits();
            call.exchange.onDisconnect(poll::disconnect);
            return;
        }
        GuardedPoll guarded = new GuardedPoll(response, slot);
        Poll poll;
        try {
            poll = gateway.engine().subscribe(subscribe, guarded);
        } catch (RuntimeException | Error e) {
            guarded.end();
            throw e;
        }
        response.waits();
        call.exchange.onDisconnect(() -> {
            guarded.end();
            poll.disconnect();
        });
        if (isRevocable) {
            guarded.refuseWhen(poll, admission::whenGone);
        }
    }
}
