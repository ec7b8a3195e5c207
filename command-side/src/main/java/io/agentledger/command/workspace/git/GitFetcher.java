package io.agentledger.command.workspace.git;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.workspace.GitSource;
import io.agentledger.api.workspace.WorkspaceProvisioner.CheckedOut;
import io.agentledger.command.support.outbound.Destination;
import io.agentledger.command.support.outbound.DestinationPolicy;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.workspace.archive.CopyLimits;
import io.agentledger.command.workspace.archive.TreeBuilder;
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
public final class GitFetcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GitFetcher.class);

  private final OutboundHttpClient outbound;
  private final DestinationPolicy destinations;
  private final SecretReader secretReader;
  private final GitSettings settings;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("workspace-git-clock").daemon().factory());

  public GitFetcher(
      OutboundHttpClient outbound,
      DestinationPolicy destinations,
      SecretReader secretReader,
      GitSettings settings) {
    IsolatedSystemReader.install();
    this.outbound = outbound;
    this.destinations = destinations;
    this.secretReader = secretReader;
    this.settings = settings;
  }

  /** Into a folder that does not exist yet; what is there after a failure is the caller's. */
  public CheckedOut checkOut(GitSource source, TenantId tenant, Path into, CopyLimits limits)
      throws IOException {
    var repository = destination(source.url()).uri();
    var credentials = GitCredentials.open(secretReader, tenant, source.credential(), repository);
    var gitTransfer =
        new GitTransfer(
            outbound.streaming().build(), repository, settings.timeout(), limits.bytesMax());
    var end =
        clock.schedule(gitTransfer::end, settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    try (var clone = new GitClone(source, gitTransfer, credentials, into)) {
      return clone.checkedOut(limits);
    } catch (GitAPIException | IOException | RuntimeException failed) {
      throw translate(failed, gitTransfer, limits);
    } finally {
      end.cancel(false);
    }
  }

  private Destination destination(String url) {
    try {
      var destination = destinations.check(url);
      if (!destination.isEncrypted() && !settings.unencrypted())
        throw TreeBuilder.rejection("git_url", "The repository's url must begin with https.");
      return destination;
    } catch (OutboundRefusedException refused) {
      throw TreeBuilder.rejection(
          "git_url", "The repository's url " + refused.rule().description() + ".");
    }
  }

  /** Why it failed, in words of ours: those of a server are nobody's business. */
  private static IOException translate(Exception failed, GitTransfer gitTransfer, CopyLimits limits)
      throws IOException {
    if (gitTransfer.isTooLarge())
      throw new RejectionException(new StorageFull("workspace_mib", limits.mibMax()));
    if (gitTransfer.isLate())
      throw TreeBuilder.rejection("git_time", "The repository could not be fetched in time.");
    for (var cause : causes(failed).toList())
      switch (cause) {
        case RejectionException itself -> throw itself;
        case OutboundRefusedException no ->
            throw TreeBuilder.rejection(
                "git_url", "The repository's url " + no.rule().description() + ".");
        case NoRemoteRepositoryException none ->
            throw TreeBuilder.rejection("git_not_found", "There is no repository at this url.");
        default -> {}
      }
    if (failed.getClass().getName().startsWith("org.eclipse.jgit.")) throw unreachable(failed);
    if (failed instanceof RuntimeException fault) throw fault;
    return (IOException) failed;
  }

  private static RejectionException unreachable(Exception failed) {
    log.atInfo().setCause(failed).log("a repository could not be fetched");
    boolean refused =
        causes(failed)
            .map(Throwable::getMessage)
            .anyMatch(
                text ->
                    text != null
                        && text.toLowerCase(Locale.ROOT).matches("(?s).*(not authorized|auth).*"));
    return refused
        ? TreeBuilder.rejection("git_refused", "The repository's server wants another credential.")
        : TreeBuilder.rejection("git_unreachable", "The repository could not be fetched.");
  }

  private static Stream<Throwable> causes(@Nullable Throwable failed) {
    return Stream.iterate(failed, cause -> cause != null, Throwable::getCause).limit(20);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
