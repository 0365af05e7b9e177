-- Counts the channels of groups that are not counted yet.
--
-- KEYS[1]   grouped  zset  group -> how many channels it has; the empty name -> how many they all have. Each edit of a group keeps it up, but
--                          for nodes of a version that does not count; what those changed is counted anew
-- KEYS[2…]  the groups
-- ARGV[2]   1 to begin anew
-- ARGV[3…]  their names
--
-- Returns how many channels all groups have that are counted.

if ARGV[2] == '1' then
  redis.call('DEL', KEYS[1])
end
local all = tonumber(redis.call('ZSCORE', KEYS[1], '') or '0')
for i = 2, #KEYS do
  if not redis.call('ZSCORE', KEYS[1], ARGV[i + 1]) then
    local count = redis.call('ZCARD', KEYS[i])
    if count > 0 then
      redis.call('ZADD', KEYS[1], count, ARGV[i + 1])
      all = all + count
    end
  end
end
if all > 0 then
  redis.call('ZADD', KEYS[1], int(all), '')
end
return all
