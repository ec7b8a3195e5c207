package io.agentledger.api.identity;

import java.util.Optional;

/** Tells who a secret belongs to. Cheap, never blocks, compares in constant time. */
public interface Credentials {
  Optional<Caller> authenticate(String secret);
}
