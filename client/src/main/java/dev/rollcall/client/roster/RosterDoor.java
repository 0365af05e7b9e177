package dev.rollcall.client.roster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.session.Session;
import dev.rollcall.client.transport.Transport;
import java.util.Set;
import java.util.function.Function;

/** Opens rosters; for {@link RollcallClient#roster} alone. */
@SuppressWarnings("exports") // made by the client only
public final class RosterDoor {
    private RosterDoor() {}

    /** Opens a roster that is among {@code open} until it is closed. */
    public static <S> Roster<S> open(
            RollcallClient client,
            Session session,
            Transport transport,
            String channel,
            Function<? super JsonNode, ? extends S> mapper,
            Set<Roster<?>> open) {
        Roster<S> roster = new Roster<>(client, session, transport, channel, mapper, open);
        open.add(roster);
        roster.open();
        return roster;
    }
}
