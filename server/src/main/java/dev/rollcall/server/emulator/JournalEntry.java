package dev.rollcall.server.emulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request that has been answered, lost or given up.
 *
 * @param at when it came, by the clock of the server
 * @param method its method
 * @param path its path and query, without keys that let in
 * @param operation what it asked for, as metrics name it
 * @param user its user id, or null
 * @param status the status of the answer; 0 if there was none
 * @param millis how long it took, in milliseconds of real time
 * @param fault the id of the fault that it met, or null
 */
public record JournalEntry(
        Instant at,
        String method,
        String path,
        String operation,
        @Nullable String user,
        int status,
        long millis,
        @Nullable String fault) {}
