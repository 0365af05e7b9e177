package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisURI;
import java.util.Set;

/** One server, whatever happens. Immutable. */
final class SingleTopology implements Topology {
    private final Address address;

    SingleTopology(RedisUrl url) {
        RedisURI server = url.servers().get(0);
        address = new Address(server.getHost(), server.getPort());
    }

    @Override
    public void load() {}

    @Override
    public Address master(int partition) {
        return address;
    }

    @Override
    public Set<Address> masters() {
        return Set.of(address);
    }

    @Override
    public void maintain(long nowMillis) {}

    @Override
    public void suspect() {}

    @Override
    public void told(int partition, Address master) {}
}
