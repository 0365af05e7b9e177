package dev.rollcall.server.admin;

import dev.rollcall.engine.directory.ChannelDetail;
import dev.rollcall.engine.directory.ChannelOrder;
import dev.rollcall.engine.directory.ChannelView;
import dev.rollcall.engine.directory.Directory;
import dev.rollcall.engine.directory.GroupView;
import dev.rollcall.engine.directory.ModeView;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.SubscribeKey;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Channels, who is in them, and the groups they are in. */
final class ChannelRoutes {
    private static final Shape.Member[] LISTED = {
        Shape.text("channel", "The channel."),
        Shape.number("occupancy", "The number of its occupants."),
        Shape.maybe(
                Shape.decimal("eventsPerSecond", "Joins, departures and state changes a second of late, if measured.")),
        Shape.flag("interval", "Whether clients get interval events, for it is crowded."),
    };

    private final AdminParts parts;

    ChannelRoutes(AdminParts parts) {
        this.parts = parts;
    }

    List<Endpoint> endpoints() {
        Parameter prefix = Parameter.text("prefix", "What their names begin with.");
        return List.of(
                Endpoint.get(
                        "/keysets/{key}/channels",
                        "The channels that have an occupant.",
                        Pages.shape("channels", Shape.object(LISTED)),
                        this::channels,
                        Parameter.word("sort", List.of("name", "occupancy", "rate"), "name", "In which order."),
                        prefix,
                        AdminCall.LIMIT,
                        AdminCall.CURSOR),
                Endpoint.get(
                        "/keysets/{key}/channels/{channel}",
                        "A channel, with an occupant or without.",
                        channelShape(),
                        this::channel),
                Endpoint.get(
                        "/keysets/{key}/channels/{channel}/occupants",
                        "The occupants of a channel, in order of joining.",
                        Pages.shape(
                                "occupants",
                                Shape.object(
                                        Shape.text("user", "Who."),
                                        Shape.maybe(Shape.anything("state", "What they carry there.")))),
                        this::occupants,
                        prefix,
                        AdminCall.LIMIT,
                        AdminCall.CURSOR),
                Endpoint.get(
                        "/keysets/{key}/groups",
                        "The channel groups, by name.",
                        Pages.shape(
                                "groups",
                                Shape.object(
                                        Shape.text("group", "Its name."),
                                        Shape.maybe(Shape.number("channels", "How many channels it has, if known.")))),
                        this::groups,
                        prefix,
                        AdminCall.LIMIT,
                        AdminCall.CURSOR),
                Endpoint.get(
                        "/keysets/{key}/groups/{group}",
                        "The channels of a group, in the order they were added; none for one that does not exist.",
                        Shape.object(Shape.text("group", "Its name."), Shape.texts("channels", "Its channels.")),
                        this::group));
    }

    private Directory directory() {
        return parts.engine().directory();
    }

    private SubscribeKey key(AdminCall call) {
        return KeysetRoutes.known(call, parts.keysets());
    }

    private CompletionStage<byte @Nullable []> channels(AdminCall call) {
        ChannelOrder order = ChannelOrder.valueOf(call.text("sort").toUpperCase(Locale.ROOT));
        return directory()
                .channels(key(call), order, call.page())
                .thenApply(page -> Pages.body("channels", page, ChannelRoutes::write));
    }

    private static void write(JsonOut json, ChannelView view) {
        json.text("channel", view.channel().name());
        json.number("occupancy", view.occupancy());
        if (view.eventsPerSecond() >= 0) {
            json.decimal("eventsPerSecond", view.eventsPerSecond());
        }
        json.flag("interval", view.isInterval());
    }

    private static Shape channelShape() {
        return Shape.object(
                LISTED[0],
                LISTED[1],
                LISTED[2],
                LISTED[3],
                modeShape(),
                ConfigRoutes.RULE,
                Shape.number("polls", "Subscribes that wait on this node for what is published there."),
                Shape.number("watchers", "Subscribes that wait on this node for its presence events."),
                Shape.texts("groups", "Channel groups it is in, the first that were found."));
    }

    static Shape.Member modeShape() {
        return Shape.object(
                "announce",
                "How comings and goings are announced.",
                Shape.text("mode", "single, or interval."),
                Shape.number("occupancy", "The number of occupants."),
                Shape.number("announceMax", "The most for which they are announced one by one."),
                Shape.maybe(Shape.time("next", "When the next interval event is due.")));
    }

    static void write(JsonOut json, ModeView mode) {
        json.object(
                "announce",
                one -> one.text("mode", mode.isInterval() ? "interval" : "single")
                        .number("occupancy", mode.occupancy())
                        .number("announceMax", mode.announceMax())
                        .time("next", mode.nextMillis()));
    }

    private CompletionStage<byte @Nullable []> channel(AdminCall call) {
        return directory()
                .channel(key(call), call.channel())
                .thenApply(detail -> JsonOut.object(json -> {
                    write(json, detail.view());
                    writeDetail(json, detail);
                }));
    }

    private static void writeDetail(JsonOut json, ChannelDetail detail) {
        write(json, detail.mode());
        ConfigRoutes.write(json, detail.rule());
        json.number("polls", detail.polls());
        json.number("watchers", detail.watchers());
        json.texts("groups", detail.groups().stream().map(ChannelGroup::name).toList());
    }

    private CompletionStage<byte @Nullable []> occupants(AdminCall call) {
        return directory()
                .occupants(key(call), call.channel(), call.page())
                .thenApply(page -> Pages.body("occupants", page, ChannelRoutes::write));
    }

    private static void write(JsonOut json, Occupant occupant) {
        json.text("user", occupant.user().value()).state("state", occupant.state());
    }

    private CompletionStage<byte @Nullable []> groups(AdminCall call) {
        return directory()
                .groups(key(call), call.page())
                .thenApply(page -> Pages.body("groups", page, ChannelRoutes::write));
    }

    private static void write(JsonOut json, GroupView view) {
        json.text("group", view.group().name());
        if (view.channels() >= 0) {
            json.number("channels", view.channels());
        }
    }

    private CompletionStage<byte @Nullable []> group(AdminCall call) {
        ChannelGroup group = call.group();
        return parts.engine()
                .group(key(call), group)
                .thenApply(channels -> JsonOut.object(json -> json.text("group", group.name())
                        .texts("channels", channels.stream().map(Channel::name).toList())));
    }
}
