package dev.rollcall.server.access.grant;

import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.grant.GrantKey.Kind;
import dev.rollcall.server.store.DataDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A process that grants and revokes as fast as it can, and prints the number of each change once it is acknowledged. */
public final class CrashWriter {
    static final SubscribeKey KEY = new SubscribeKey("sub");
    private static final int UNDER_WAY = 20;

    private CrashWriter() {}

    /** Runs until it is killed: directory, first number. */
    public static void main(String[] arguments) throws InterruptedException {
        DurableGrantStore store =
                DurableGrantStore.open(DataDirectory.open(Path.of(arguments[0])), MemoryBudget.unlimited());
        Semaphore places = new Semaphore(UNDER_WAY);
        for (int i = Integer.parseInt(arguments[1]); ; i++) {
            int number = i;
            places.acquire();
            KeyGrant grant = new KeyGrant(new GrantKey(KEY, Kind.CHANNEL, "c" + number, ""), 1, KeyGrant.FOREVER);
            (number % 2 == 0 ? store.save(List.of(grant)) : store.revoke(KEY, "t" + number, KeyGrant.FOREVER))
                    .whenComplete((done, failure) -> {
                        System.out.println(failure == null ? String.valueOf(number) : "failed " + failure);
                        System.out.flush();
                        places.release();
                    });
        }
    }
}
