-- Tries, on keys of no meaning, everything that the other scripts do, so that rights that lack are found when a node starts.
--
-- KEYS[1]  probe      all that is tried is tried here
-- KEYS[2]  probe-too
-- KEYS[3]  format     string  the version of what is stored in the partition
-- ARGV[2]  a topic
-- ARGV[3]  the version of what the caller stores
--
-- Returns the version, and for each command that is refused its name and the words of Redis.

local refused = {}
local function try(...)
  local reply = redis.pcall(...)
  if type(reply) == 'table' and reply.err then
    refused[#refused + 1] = select(1, ...)
    refused[#refused + 1] = reply.err
  end
  return reply
end

local probe, other = KEYS[1], KEYS[2]
local kinds = {
  {
    { 'SET', probe, '1', 'PX', '1000' }, { 'GET', probe }, { 'EXISTS', probe }, { 'PEXPIRE', probe, '1000' }, { 'PERSIST', probe },
    { 'EXPIREAT', probe, '99999999999' }, { 'COPY', probe, other, 'REPLACE' }, { 'RENAME', other, probe }, { 'UNLINK', other },
  },
  {
    { 'ZADD', probe, '1', 'a', '2', 'b', '3', 'c' }, { 'ZSCORE', probe, 'a' }, { 'ZCARD', probe }, { 'ZCOUNT', probe, '0', '1' },
    { 'ZRANGE', probe, '0', '-1' }, { 'ZRANGEBYSCORE', probe, '0', '1' }, { 'ZREM', probe, 'a' }, { 'ZPOPMIN', probe },
    { 'ZREMRANGEBYSCORE', probe, '0', '1' }, { 'ZREMRANGEBYRANK', probe, '0', '1' },
  },
  {
    { 'HSET', probe, 'a', '1' }, { 'HGET', probe, 'a' }, { 'HMGET', probe, 'a' }, { 'HEXISTS', probe, 'a' },
    { 'HINCRBY', probe, 'a', '1' }, { 'HDEL', probe, 'a' },
  },
  { { 'SADD', probe, 'a' }, { 'SSCAN', probe, '0' }, { 'SREM', probe, 'a' } },
  {
    { 'XADD', probe, 'MAXLEN', '=', '1', '1-0', 'm', 'a' }, { 'XLEN', probe }, { 'XRANGE', probe, '-', '+' },
    { 'XREVRANGE', probe, '+', '-' },
  },
  { { 'SPUBLISH', ARGV[2], '00000000000000000' } },
}
for _, commands in ipairs(kinds) do
  try('DEL', probe)
  for _, command in ipairs(commands) do
    try(unpack(command))
  end
end
try('DEL', probe)

local version = redis.pcall('GET', KEYS[3])
if version == false then
  version = ARGV[3]
  try('SET', KEYS[3], version)
end
local reply = { type(version) == 'string' and version or ARGV[3] }
for _, word in ipairs(refused) do
  reply[#reply + 1] = word
end
return reply
