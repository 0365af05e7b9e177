package dev.rollcall.server.admin;

import dev.rollcall.engine.directory.PollView;
import dev.rollcall.engine.explain.Explanation;
import dev.rollcall.engine.explain.Refusal;
import dev.rollcall.engine.explain.UserExplanation;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Explanations as JSON. */
final class ExplanationJson {
    private static final Shape.Member VERDICT = Shape.texts("verdict", "Why, in sentences, the most important first.");

    private static final Shape.Member POLLS = Shape.list(
            "polls",
            "Their subscribes that wait on this node.",
            Shape.maybe(Shape.text("node", "Where it waits, if there are several nodes.")),
            Shape.maybe(Shape.text("address", "Where it comes from.")),
            Shape.maybe(Shape.text("agent", "What the client says of itself.")),
            Shape.time("since", "When it came."),
            Shape.list(
                    "places",
                    "What it stands for.",
                    Shape.text("channel", "A channel."),
                    Shape.maybe(Shape.text("via", "The channel group or wildcard that led there, if it was one."))));

    private static final Shape.Member BAN = Shape.maybe(Shape.object(
            "keptOff",
            "How an operator keeps them off.",
            Shape.texts("channels", "Where; none means everywhere."),
            Shape.time("since", "Since when."),
            Shape.time("until", "Until when."),
            Shape.maybe(Shape.text("reason", "Why."))));

    private static final Shape.Member SPELLINGS =
            Shape.texts("otherSpellings", "Users who are present and differ only in case or in blanks.");

    private static final Shape.Member REFUSED = Shape.list(
            "refused",
            "Requests of theirs that were refused of late on this node, the latest first.",
            Shape.time("at", "When."),
            Shape.number("status", "The HTTP status."),
            Shape.text("reason", "Why."));

    private ExplanationJson() {}

    static Shape shape() {
        return Shape.object(members().toArray(new Shape.Member[0]));
    }

    private static List<Shape.Member> members() {
        List<Shape.Member> members = new ArrayList<>(List.of(
                Shape.flag("online", "Whether they are present."),
                Shape.text("channel", "Where."),
                Shape.text("user", "Who."),
                VERDICT,
                Shape.maybe(Shape.time("since", "When they joined, if that is remembered.")),
                Shape.maybe(Shape.text("joinedBy", "What made them join: subscribe, heartbeat, restored or seed.")),
                Shape.maybe(Shape.object(
                        "lease",
                        "What keeps them present.",
                        Shape.number("timeoutSeconds", "How long a sign of life lasts."),
                        Shape.maybe(Shape.time("renewed", "The last sign of life.")),
                        Shape.maybe(Shape.text("renewedBy", "What it was.")),
                        Shape.time("ends", "When they are gone without another."),
                        Shape.text("endsIn", "The same from now on."),
                        Shape.flag("restored", "Whether they are present by the grace after a restart."),
                        Shape.flag("leaving", "Whether their last connection is lost."))),
                POLLS,
                Shape.maybe(Shape.anything("state", "What they carry there.")),
                Shape.maybe(Shape.object(
                        "absence",
                        "What is remembered of them while they are not present.",
                        Shape.maybe(Shape.time("debounceUntil", "Until when a subscribe does not make them join.")),
                        Shape.number("waitingPolls", "Subscribes of theirs that wait there meanwhile."),
                        Shape.maybe(Shape.time("stateUntil", "Until when their state is kept.")))),
                Shape.maybe(Shape.object(
                        "last",
                        "How they left, if they have of late.",
                        Shape.time("left", "When."),
                        Shape.text("cause", "Why."))),
                BAN,
                ConfigRoutes.RULE,
                ChannelRoutes.modeShape(),
                Shape.flag("leaveOnDisconnect", "Whether a lost connection counts as a leave."),
                SPELLINGS,
                REFUSED,
                Shape.maybe(Shape.text("node", "The node that answers, if there are several."))));
        return members;
    }

    static Shape userShape() {
        return Shape.object(userMembers(false).toArray(new Shape.Member[0]));
    }

    static Shape userExplanationShape() {
        return Shape.object(userMembers(true).toArray(new Shape.Member[0]));
    }

    private static List<Shape.Member> userMembers(boolean isExplained) {
        List<Shape.Member> members = new ArrayList<>();
        members.add(Shape.flag("online", "Whether they are present anywhere."));
        members.add(Shape.text("user", "Who."));
        if (isExplained) {
            members.add(VERDICT);
        }
        members.add(Shape.number("channelCount", "In how many channels."));
        if (isExplained) {
            members.add(Shape.list("channels", "Those, by name; the first hundred.", shape()));
            members.add(REFUSED);
        } else {
            members.add(Shape.list(
                    "channels",
                    "Those, by name; the first hundred.",
                    Shape.text("channel", "Where."),
                    Shape.maybe(Shape.time("since", "When they joined, if that is remembered.")),
                    Shape.maybe(Shape.anything("state", "What they carry there."))));
        }
        members.add(POLLS);
        members.add(BAN);
        members.add(SPELLINGS);
        members.add(Shape.maybe(Shape.text("node", "The node that answers, if there are several.")));
        return members;
    }

    static void writeUser(JsonOut json, UserExplanation facts) {
        json.flag("online", facts.isOnline()).text("user", facts.user().value());
        json.number("channelCount", facts.channelCount());
        json.list(
                "channels",
                facts.channels(),
                one -> json.item(channel -> {
                    channel.text("channel", one.channel().name());
                    Explanation.Lease lease = one.lease();
                    channel.time("since", lease == null ? 0 : lease.sinceMillis());
                    channel.state("state", one.state());
                }));
        writeRest(json, facts);
    }

    static void write(JsonOut json, UserExplanation facts, List<Refusal> refusals) {
        json.flag("online", facts.isOnline()).text("user", facts.user().value());
        json.texts("verdict", facts.verdict(refusals));
        json.number("channelCount", facts.channelCount());
        json.list("channels", facts.channels(), one -> json.item(channel -> write(channel, one, List.of())));
        write(json, refusals);
        writeRest(json, facts);
    }

    private static void writeRest(JsonOut json, UserExplanation facts) {
        writePolls(json, facts.polls());
        write(json, facts.ban());
        json.texts(
                "otherSpellings", facts.spellings().stream().map(UserId::value).toList());
        json.text("node", facts.node());
    }

    static void write(JsonOut json, Explanation facts, List<Refusal> refusals) {
        json.flag("online", facts.isOnline());
        json.text("channel", facts.channel().name()).text("user", facts.user().value());
        json.texts("verdict", facts.verdict(refusals));
        Explanation.Lease lease = facts.lease();
        if (lease != null) {
            write(json, lease, facts.nowMillis());
        }
        writePolls(json, facts.polls());
        json.state("state", facts.state());
        Explanation.Absence absence = facts.absence();
        if (absence != null) {
            json.object(
                    "absence",
                    one -> one.time("debounceUntil", absence.debounceUntilMillis())
                            .number("waitingPolls", absence.waitingPolls())
                            .time("stateUntil", absence.stateUntilMillis()));
        }
        Explanation.Last last = facts.last();
        if (last != null) {
            json.object(
                    "last",
                    one -> one.time("left", last.atMillis())
                            .text("cause", last.cause().word()));
        }
        write(json, facts.ban());
        ConfigRoutes.write(json, facts.rule());
        ChannelRoutes.write(json, facts.mode());
        json.flag("leaveOnDisconnect", facts.leaveOnDisconnect());
        json.texts(
                "otherSpellings", facts.spellings().stream().map(UserId::value).toList());
        write(json, refusals);
        json.text("node", facts.node());
    }

    private static void write(JsonOut json, Explanation.Lease lease, long nowMillis) {
        json.time("since", lease.sinceMillis()).text("joinedBy", word(lease.joinedBy()));
        json.object(
                "lease",
                one -> one.number("timeoutSeconds", lease.timeoutSeconds())
                        .time("renewed", lease.renewedMillis())
                        .text("renewedBy", word(lease.renewedBy()))
                        .time("ends", lease.endsMillis())
                        .text("endsIn", span(lease.endsMillis() - nowMillis))
                        .flag("restored", lease.isRestored())
                        .flag("leaving", lease.isLeaving()));
    }

    private static @Nullable String word(@Nullable Arrival arrival) {
        return arrival == null ? null : arrival.word();
    }

    /** Returns a time span as people say it: {@code 4m12s}. */
    private static String span(long millis) {
        long seconds = Math.max(0, millis) / 1000;
        return seconds < 60 ? seconds + "s" : String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
    }

    private static void writePolls(JsonOut json, List<PollView> polls) {
        json.list(
                "polls",
                polls,
                poll -> json.item(one -> one.text("node", poll.node())
                        .text("address", poll.address())
                        .text("agent", poll.agent())
                        .time("since", poll.sinceMillis())
                        .list(
                                "places",
                                poll.places(),
                                place -> one.item(each -> each.text(
                                                "channel", place.channel().name())
                                        .text("via", place.via())))));
    }

    private static void write(JsonOut json, @Nullable Ban ban) {
        if (ban != null) {
            json.object(
                    "keptOff",
                    one -> one.texts(
                                    "channels",
                                    ban.channels().stream().map(Channel::name).toList())
                            .time("since", ban.sinceMillis())
                            .time("until", ban.untilMillis())
                            .text("reason", ban.reason()));
        }
    }

    private static void write(JsonOut json, List<Refusal> refusals) {
        json.list(
                "refused",
                refusals,
                refusal -> json.item(one -> one.time("at", refusal.atMillis())
                        .number("status", refusal.status())
                        .text("reason", refusal.reason())));
    }
}
