-- Prolongs the leases of one user in several channels of a partition.
--
-- KEYS[1]  due
-- KEYS[2…] leases of each channel
-- ARGV[2]  user
-- ARGV[3]  timeout in seconds, 0 for what it was
-- ARGV[4…] key:channel of each
--
-- Returns the places, from 0 on, of the channels where there is more to do than this, see renew.lua.

local asked = tonumber(ARGV[3])
local rest = {}
for i = 2, #KEYS do
  local score = tonumber(redis.call('ZSCORE', KEYS[i], ARGV[2]) or '4095')
  local timeout = score % 4096
  if timeout == 4095 then
    rest[#rest + 1] = i - 2
  else
    if asked > 0 then
      timeout = asked
    end
    local deadline = math.ceil(NOW / 1000) + timeout * 1000
    local renewed = (deadline - 1577836800000) * 4096 + timeout
    redis.call('ZADD', KEYS[i], int(renewed), ARGV[2])
    if renewed < score then
      redis.call('ZADD', KEYS[1], 'LT', int(deadline), ARGV[i + 2])
    end
  end
end
return rest
