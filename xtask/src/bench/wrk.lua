-- Draws each request from a list of paths, in order, every thread from another place: no path comes again before all others have.
local threads = 0
local requests, at = {}, 0

function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
end

function init(arguments)
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  at = math.floor(#requests * place / tonumber(arguments[2]))
end

function request()
  at = at + 1
  if at > #requests then at = 1 end
  return requests[at]
end
