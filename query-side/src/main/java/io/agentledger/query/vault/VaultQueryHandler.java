package io.agentledger.query.vault;

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
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.CursorCodec;
import org.axonframework.queryhandling.QueryHandler;

/** Answers queries about vaults and their secrets. */
record VaultQueryHandler(
    VaultRowRepository vaults,
    SecretRowRepository secrets,
    ConfigurationReader configurationReader,
    CursorCodec cursorCodec) {
  private static final String GROUP = "vault";

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListVaults query) {
    return configurationReader.list(GROUP, "vaults", query, vaults).map(VaultQueryHandler::view);
  }

  @QueryHandler
  VaultView find(FindVault query) {
    return view(configurationReader.find(GROUP, query.tenant(), query.vaultId(), vaults));
  }

  @QueryHandler
  @SuppressWarnings("rawtypes")
  Page list(ListSecrets query) {
    String vault = query.vaultId().value();
    String[] cursorScope = {"secrets", query.tenant().value(), vault};
    var after = cursorCodec.decode(query.page(), cursorScope).orElse("");
    configurationReader.find(GROUP, query.tenant(), query.vaultId(), vaults);
    var rows = secrets.page(vault, after, CursorCodec.limitPlusOne(query.page()));
    return cursorCodec
        .page(rows, query.page(), secret -> secret.key().name(), cursorScope)
        .map(VaultQueryHandler::view);
  }

  @QueryHandler
  SecretView find(FindSecret query) {
    String vault = query.vaultId().value();
    configurationReader.find(GROUP, query.tenant(), query.vaultId(), vaults);
    return secrets
        .findById(new SecretKey(vault, query.name()))
        .map(VaultQueryHandler::view)
        .orElseThrow(() -> new RejectionException(new Rejection.NotFound("secret", query.name())));
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

  private static SecretView view(SecretRow row) {
    return new SecretView(
        new VaultId(row.key().vaultId()),
        row.key().name(),
        row.version(),
        row.type(),
        row.target(),
        row.createdAt(),
        row.updatedAt(),
        row.lastUsedAt());
  }
}
