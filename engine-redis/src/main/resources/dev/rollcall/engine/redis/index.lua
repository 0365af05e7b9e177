-- Brings a user's own list of channels in line with a coming or going. Later ones win, in whatever order they arrive.
--
-- KEYS[1]  channels  zset  channel -> when he came, microseconds
-- ARGV[2]  1 if he came, 0 if he went
-- ARGV[3]  channel
-- ARGV[4]  when

if ARGV[2] == '1' then
  redis.call('ZADD', KEYS[1], 'GT', ARGV[4], ARGV[3])
else
  local came = redis.call('ZSCORE', KEYS[1], ARGV[3])
  if came and tonumber(came) < tonumber(ARGV[4]) then
    redis.call('ZREM', KEYS[1], ARGV[3])
  end
end
return 1
