package dev.rollcall.server.store;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * A process that edits channel groups as fast as it can, and prints the number of each edit once it is acknowledged. Even numbers add a
 * channel of that name; odd ones add and remove one.
 */
public final class GroupCrashWriter {
    static final SubscribeKey KEY = new SubscribeKey("sub");
    private static final int UNDER_WAY = 20;
    private static final int GROUPS = 7;

    private GroupCrashWriter() {}

    static ChannelGroup group(int number) {
        return new ChannelGroup("g" + number % GROUPS);
    }

    /** Returns an engine with the groups of a directory. */
    static EmbeddedEngine engine(DataDirectory directory) {
        return new EmbeddedEngine(
                key -> KeysetSettings.DEFAULT,
                EngineTime.system(),
                new EngineListener() {},
                DurableGroupStore.open(directory));
    }

    /** Runs until it is killed: directory, first number. */
    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedEngine engine = engine(DataDirectory.open(Path.of(arguments[0])));
        Semaphore places = new Semaphore(UNDER_WAY);
        for (int i = Integer.parseInt(arguments[1]); ; i++) {
            int number = i;
            places.acquire();
            List<Channel> channel = List.of(new Channel("c" + number));
            CompletionStage<Void> edit = engine.addToGroup(KEY, group(number), channel);
            if (number % 2 == 1) {
                edit = engine.removeFromGroup(KEY, group(number), channel);
            }
            edit.whenComplete((done, failure) -> {
                System.out.println(failure == null ? String.valueOf(number) : "failed " + failure);
                System.out.flush();
                places.release();
            });
        }
    }
}
