package io.agentledger.command.claude;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.environment.HostRule;
import io.agentledger.command.claude.box.HostFolders;
import io.agentledger.command.claude.box.SandboxSettings;
import java.util.List;
import java.util.Optional;

/** What the settings of this installation let environments have. */
record OperatorsBounds(SandboxSettings most, Passing passing, GrantSettings grants)
    implements BoxBounds {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  @Override
  public Limits limits() {
    return new Limits(most.memoryMib(), most.processes(), 0);
  }

  @Override
  public Optional<String> whyNot(Network network) {
    if (network instanceof Network.Closed) {
      return Optional.empty();
    }
    if (!grants.egress().enabled()) {
      return Optional.of("must be closed: sessions have no way out on this installation");
    }
    List<String> hosts = network instanceof Network.Limited limited ? limited.hosts() : List.of();
    return hosts.stream()
        .filter(host -> !isAllowed(host))
        .findFirst()
        .map(host -> "names " + host + ", which is not among the hosts that the operator allows");
  }

  private boolean isAllowed(String line) {
    List<HostRule> allowed = grants.egress().allowed();
    return HostRule.of(line)
        .filter(wish -> allowed.isEmpty() || allowed.stream().anyMatch(one -> has(one, wish)))
        .isPresent();
  }

  /** Whether all that is wished for is allowed by one line. */
  private static boolean has(HostRule allowed, HostRule wish) {
    boolean host =
        allowed.below()
            ? wish.host().endsWith(allowed.host())
            : !wish.below() && wish.host().equals(allowed.host());
    boolean web =
        wish.port().isEmpty() || wish.port().getAsInt() == HTTP || wish.port().getAsInt() == HTTPS;
    return host && (allowed.port().isEmpty() ? web : allowed.port().equals(wish.port()));
  }

  @Override
  public Optional<String> whyNot(String variable) {
    return passing.permits(variable)
        ? Optional.empty()
        : Optional.of("is not one that the operator lets pass");
  }

  @Override
  public Optional<String> whyNot(Mount mount) {
    HostFolders.Root folder = grants.directories().get(mount.source());
    if (folder == null) {
      return Optional.of("is of no folder that the operator lets sessions see");
    }
    return mount.writable() && !folder.writable()
        ? Optional.of("is of a folder that the operator lets sessions read only")
        : Optional.empty();
  }
}
