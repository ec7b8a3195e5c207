package io.agentledger.command.workspace.git;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.vault.Vaults;
import io.agentledger.api.workspace.GitSource;
import io.agentledger.api.workspace.Workspaces.CheckedOut;
import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.Destinations;
import io.agentledger.command.support.outbound.Outbound;
import io.agentledger.command.support.outbound.OutboundRefused;
import io.agentledger.command.workspace.tree.CopyLimits;
import io.agentledger.command.workspace.tree.NewTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repositories of users, fetched one state at a time. Blocks. */
public final class Repositories implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Repositories.class);

  private final Outbound outbound;
  private final Destinations destinations;
  private final Vaults vaults;
  private final GitSettings settings;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("workspace-git-clock").daemon().factory());

  public Repositories(
      Outbound outbound, Destinations destinations, Vaults vaults, GitSettings settings) {
    AloneReader.install();
    this.outbound = outbound;
    this.destinations = destinations;
    this.vaults = vaults;
    this.settings = settings;
  }

  /** Into a folder that does not exist yet; what is there after a failure is the caller's. */
  public CheckedOut checkOut(GitSource source, TenantId tenant, Path into, CopyLimits limits)
      throws IOException {
    var repository = destination(source.url()).uri();
    var credentials = GitCredentials.open(vaults, tenant, source.credential(), repository);
    var exchange =
        new Exchange(
            outbound.streaming().build(), repository, settings.timeout(), limits.bytesMax());
    var end = clock.schedule(exchange::end, settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    try (var clone = new Clone(source, exchange, credentials, into)) {
      return clone.checkedOut(limits);
    } catch (GitAPIException | IOException | RuntimeException failed) {
      throw told(failed, exchange, limits);
    } finally {
      end.cancel(false);
    }
  }

  private Destination destination(String url) {
    try {
      var destination = destinations.check(url);
      if (!destination.isEncrypted() && !settings.unencrypted())
        throw NewTree.refused("git_url", "The repository's url must begin with https.");
      return destination;
    } catch (OutboundRefused refused) {
      throw NewTree.refused("git_url", "The repository's url " + refused.rule().words() + ".");
    }
  }

  /** Why it failed, in words of ours: those of a server are nobody's business. */
  private static IOException told(Exception failed, Exchange exchange, CopyLimits limits)
      throws IOException {
    if (exchange.isTooLarge())
      throw new Rejected(new StorageFull("workspace_mib", limits.mibMax()));
    if (exchange.isLate())
      throw NewTree.refused("git_time", "The repository could not be fetched in time.");
    for (var cause : causes(failed).toList())
      switch (cause) {
        case Rejected itself -> throw itself;
        case OutboundRefused no ->
            throw NewTree.refused("git_url", "The repository's url " + no.rule().words() + ".");
        case NoRemoteRepositoryException none ->
            throw NewTree.refused("git_not_found", "There is no repository at this url.");
        default -> {}
      }
    if (failed.getClass().getName().startsWith("org.eclipse.jgit.")) throw unreachable(failed);
    if (failed instanceof RuntimeException fault) throw fault;
    return (IOException) failed;
  }

  private static Rejected unreachable(Exception failed) {
    log.atInfo().setCause(failed).log("a repository could not be fetched");
    boolean refused =
        causes(failed)
            .map(Throwable::getMessage)
            .anyMatch(
                words ->
                    words != null
                        && words.toLowerCase(Locale.ROOT).matches("(?s).*(not authorized|auth).*"));
    return refused
        ? NewTree.refused("git_refused", "The repository's server wants another credential.")
        : NewTree.refused("git_unreachable", "The repository could not be fetched.");
  }

  private static Stream<Throwable> causes(@Nullable Throwable failed) {
    return Stream.iterate(failed, cause -> cause != null, Throwable::getCause).limit(20);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
