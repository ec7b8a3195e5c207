package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import java.util.Optional;

/** Port to the hosts that policies close to shell commands. */
public interface HostPolicies {
  /** Returns the currently denied hosts. May block. */
  DeniedHosts deniedHosts(Subject subject);

  /** Hosts to which connections are denied. */
  interface DeniedHosts {
    /**
     * @param host in the plain form of its name
     * @return the rule that denies the host, as text that a user can look up
     */
    Optional<String> findDenial(String host);

    /** Returns whether any host is denied. If so, an IP address could belong to one of them. */
    boolean hasAny();
  }
}
