package io.agentledger.query.vault;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.SecretView;
import io.agentledger.api.vault.VaultId;
import io.agentledger.api.vault.VaultQuery.FindSecret;
import io.agentledger.api.vault.VaultQuery.FindVault;
import io.agentledger.api.vault.VaultQuery.ListSecrets;
import io.agentledger.api.vault.VaultQuery.ListVaults;
import io.agentledger.api.vault.VaultView;
import io.agentledger.projection.vault.SecretKey;
import io.agentledger.projection.vault.SecretRow;
import io.agentledger.projection.vault.SecretRowRepository;
import io.agentledger.projection.vault.VaultRow;
import io.agentledger.projection.vault.VaultRowRepository;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is asked about vaults, from the read models. Blocks its caller on the database, and
 * a few seconds on the projection, so that nobody is shown less than they were told before.
 */
class VaultQueryHandler {

  private final VaultRepositories vaultRepositories;
  private final ReadModelAccess readModelAccess;
  private final CursorCodec cursorCodec;

  VaultQueryHandler(
      VaultRepositories vaultRepositories,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    this.vaultRepositories = vaultRepositories;
    this.readModelAccess = readModelAccess;
    this.cursorCodec = cursorCodec;
  }

  /** The read models. */
  record VaultRepositories(
      VaultRowRepository vaults, SecretRowRepository secrets, SecretUsageReader secretUsage) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListVaults query) {
    String tenant = query.tenant().value();
    String[] cursorScope = {"vaults", tenant, Boolean.toString(query.includeArchived())};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    return readModelAccess.read(
        () -> {
          var rows =
              vaultRepositories
                  .vaults()
                  .page(
                      tenant,
                      query.includeArchived(),
                      after.at(),
                      after.id(),
                      CursorCodec.limitPlusOne(query.page()));
          return cursorCodec
              .page(
                  rows,
                  query.page(),
                  row -> new NewestFirstPosition(row.createdAt(), row.id()),
                  cursorScope)
              .map(VaultQueryHandler::view);
        });
  }

  @QueryHandler
  VaultView find(FindVault query) {
    return findOrReject(query.tenant(), query.vaultId(), VaultQueryHandler::view);
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListSecrets query) {
    String vault = query.vaultId().value();
    String[] cursorScope = {"secrets", query.tenant().value(), vault};
    var after = cursorCodec.decode(query.page(), cursorScope).orElse("");
    return findOrReject(
        query.tenant(),
        query.vaultId(),
        row -> {
          var uses = vaultRepositories.secretUsage().read(vault);
          var rows =
              vaultRepositories
                  .secrets()
                  .page(vault, after, CursorCodec.limitPlusOne(query.page()));
          return cursorCodec
              .page(rows, query.page(), secret -> secret.key().name(), cursorScope)
              .map(secret -> view(secret, uses));
        });
  }

  @QueryHandler
  SecretView find(FindSecret query) {
    String vault = query.vaultId().value();
    return findOrReject(
        query.tenant(),
        query.vaultId(),
        row ->
            vaultRepositories
                .secrets()
                .findById(new SecretKey(vault, query.name()))
                .map(secret -> view(secret, vaultRepositories.secretUsage().read(vault)))
                .orElseThrow(
                    () -> new RejectionException(new Rejection.NotFound("secret", query.name()))));
  }

  private <R> R findOrReject(TenantId tenant, VaultId vault, Function<VaultRow, R> mapper) {
    readModelAccess.await(vault, vaultRepositories.vaults()::sequenceOf);
    return readModelAccess.read(
        () ->
            vaultRepositories
                .vaults()
                .findByIdAndTenant(vault.value(), tenant.value())
                .map(mapper)
                .orElseThrow(
                    () -> new RejectionException(new Rejection.NotFound("vault", vault.value()))));
  }

  private static VaultView view(VaultRow row) {
    return new VaultView(
        new VaultId(row.id()),
        new UserId(row.owner()),
        row.name(),
        row.secrets(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private static SecretView view(SecretRow row, Map<String, Instant> uses) {
    @Nullable Instant used = uses.get(row.key().name());
    return new SecretView(
        new VaultId(row.key().vaultId()),
        row.key().name(),
        row.version(),
        row.type(),
        row.target(),
        row.createdAt(),
        row.updatedAt(),
        used);
  }
}
