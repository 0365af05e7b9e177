-- Brings users' own lists of channels in line with comings and goings. Later ones win, in whatever order they arrive: so a going is
-- remembered for a while, as a time below zero.
--
-- KEYS[n]  channels  zset  channel -> when the user came, microseconds; below zero, when they went
-- ARGV[3n - 1]  1 if they came, 0 if they went
-- ARGV[3n]      channel
-- ARGV[3n + 1]  when
--
-- Returns, where there is one list, how many channels it has; else 0.

-- How long a going is remembered: longer than anything is on its way.
local MEMORY = 10000

for i, list in ipairs(KEYS) do
  local came, channel, time = ARGV[3 * i - 1] == '1', ARGV[3 * i], tonumber(ARGV[3 * i + 1])
  local noted = tonumber(redis.call('ZSCORE', list, channel) or '0')
  if math.abs(noted) < time or not came and noted == time then
    redis.call('ZADD', list, int(came and time or -time), channel)
    if came then
      redis.call('ZREMRANGEBYSCORE', list, int(MEMORY * 1000 - NOW), '-1')
      redis.call('PERSIST', list)
    elseif redis.call('ZCOUNT', list, '1', '+inf') == 0 then
      redis.call('PEXPIRE', list, MEMORY)
    else
      redis.call('ZREMRANGEBYSCORE', list, int(MEMORY * 1000 - NOW), '-1')
    end
  end
end
if #KEYS > 1 then
  return 0
end
return redis.call('ZCOUNT', KEYS[1], '1', '+inf')
