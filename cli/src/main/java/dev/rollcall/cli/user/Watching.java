package dev.rollcall.cli.user;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.cli.output.BrokenPipe;
import dev.rollcall.cli.output.Colour;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.Category;
import dev.rollcall.client.Gap;
import dev.rollcall.client.MessageEvent;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.RollcallListener;
import dev.rollcall.client.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Prints what a client hears, until nobody reads it or the server refuses. Its methods are called by the client, one at a time. */
final class Watching implements RollcallListener {
    /** Who asks, where it does not matter. */
    static final String NAME = "rollcall-cli";

    private final Output output;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    Watching(Output output) {
        this.output = output;
    }

    /**
     * Waits until it is over.
     *
     * @param atMost how long, or null for ever
     */
    void await(@Nullable Duration atMost) throws InterruptedException, ExecutionException {
        try {
            if (atMost == null) {
                end.get();
            } else {
                end.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            // As long as was asked for.
        }
    }

    private void print(Runnable line) {
        try {
            line.run();
        } catch (BrokenPipe e) {
            end.completeExceptionally(e);
        }
    }

    @Override
    public void presence(PresenceEvent event) {
        print(() -> {
            if (output.isJson()) {
                output.json(json(event));
            } else {
                output.line(output.paint(Colour.DIM, output.time(event.timestamp())) + "  "
                        + output.show(Colour.BOLD, event.channel()) + "  " + text(event) + "  "
                        + output.paint(Colour.DIM, "(" + event.occupancy() + " here)"));
            }
        });
    }

    private String text(PresenceEvent event) {
        if (event instanceof PresenceEvent.Join join) {
            return output.show(Colour.GREEN, "+ " + join.uuid())
                    + (join.state() == null ? "" : "  " + Output.compact(join.state()));
        }
        if (event instanceof PresenceEvent.Leave leave) {
            return output.show(Colour.RED, "- " + leave.uuid());
        }
        if (event instanceof PresenceEvent.Timeout timeout) {
            return output.show(Colour.YELLOW, "- " + timeout.uuid()) + "  timed out";
        }
        if (event instanceof PresenceEvent.StateChange change) {
            return output.show(Colour.CYAN, "~ " + change.uuid()) + "  " + Output.compact(change.state());
        }
        PresenceEvent.Interval interval = (PresenceEvent.Interval) event;
        StringBuilder text = new StringBuilder(output.paint(Colour.CYAN, "interval"));
        part(text, Colour.GREEN, " +", interval.joins());
        part(text, Colour.RED, " -", interval.leaves());
        part(text, Colour.YELLOW, " timed out ", interval.timeouts());
        if (interval.hereNowRefresh()) {
            text.append("  too many to list");
        }
        return text.toString();
    }

    private void part(StringBuilder text, Colour colour, String sign, List<String> users) {
        if (!users.isEmpty()) {
            text.append(output.paint(colour, sign + users.size()))
                    .append(' ')
                    .append(Escape.of(String.join(", ", users)));
        }
    }

    /** The fields of the presence message on the wire, and where and when it was. */
    private static ObjectNode json(PresenceEvent event) {
        ObjectNode line = Output.object()
                .put("channel", event.channel())
                .put("action", event.action())
                .put("timestamp", event.timestamp().getEpochSecond())
                .put("occupancy", event.occupancy());
        if (event instanceof PresenceEvent.OfUser one) {
            line.put("uuid", one.uuid());
        }
        if (event instanceof PresenceEvent.Join join && join.state() != null) {
            line.set("data", join.state());
        } else if (event instanceof PresenceEvent.StateChange change) {
            line.set("data", change.state());
        } else if (event instanceof PresenceEvent.Interval interval) {
            names(line, "join", interval.joins());
            names(line, "leave", interval.leaves());
            names(line, "timeout", interval.timeouts());
            if (interval.hereNowRefresh()) {
                line.put("here_now_refresh", true);
            }
        }
        if (event.subscription() != null) {
            line.put("subscription", event.subscription());
        }
        return line.put("timetoken", event.timetoken().toString());
    }

    private static void names(ObjectNode line, String name, List<String> users) {
        if (!users.isEmpty()) {
            ArrayNode list = line.putArray(name);
            users.forEach(list::add);
        }
    }

    @Override
    public void message(MessageEvent event) {
        heard("message", event);
    }

    @Override
    public void signal(MessageEvent event) {
        heard("signal", event);
    }

    private void heard(String action, MessageEvent event) {
        print(() -> {
            if (output.isJson()) {
                ObjectNode line =
                        Output.object().put("channel", event.channel()).put("action", action);
                if (event.publisher() != null) {
                    line.put("publisher", event.publisher());
                }
                line.set("message", event.payload());
                output.json(line.put("timetoken", event.timetoken().toString()));
            } else {
                String who = event.publisher() == null ? "" : Escape.of(event.publisher()) + ": ";
                String what = event.payload().isTextual()
                        ? Escape.of(event.payload().textValue())
                        : Output.compact(event.payload());
                output.line(output.paint(
                                Colour.DIM,
                                output.time(
                                        Instant.ofEpochMilli(event.timetoken().epochMillis()))) + "  "
                        + output.show(Colour.BOLD, event.channel()) + "  " + who + what);
            }
        });
    }

    @Override
    public void gap(Gap gap) {
        output.note("something was missed: the server no longer has it (rollcall here tells who is there)");
    }

    @Override
    public void status(Status status) {
        RollcallException error = status.error();
        if (status.category() == Category.RECONNECTING) {
            output.note("the connection is lost; trying again");
        } else if (status.category() == Category.RECONNECTED) {
            output.note("connected again");
        } else if (error != null && !status.goesOn()) {
            end.completeExceptionally(error);
        } else if (error != null && status.category() == Category.ACCESS_DENIED) {
            output.note("refused: " + Escape.of(String.join(", ", status.affectedChannels())));
        }
    }
}
