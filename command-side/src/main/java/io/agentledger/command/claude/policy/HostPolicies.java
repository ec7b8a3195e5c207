package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import java.util.Optional;

/** Port to the hosts that policies close to shell commands. */
public interface HostPolicies {
  /** As they stand now. May block. */
  DeniedHosts deniedHosts(Subject subject);

  /** Hosts that are closed to connections. */
  interface DeniedHosts {
    /**
     * @param host in the plain form of its name
     * @return in words that a person can look up, what closes it
     */
    Optional<String> findDenial(String host);

    /** Whether there are any: then an address in place of a name could be one of them. */
    boolean hasAny();
  }
}
