package io.agentledger.query.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.AuditQuery.ListAudit;
import io.agentledger.api.audit.AuditView;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.SecretType;
import io.agentledger.api.vault.SecretView;
import io.agentledger.api.vault.VaultEvent;
import io.agentledger.api.vault.VaultEvent.SecretPut;
import io.agentledger.api.vault.VaultEvent.VaultArchived;
import io.agentledger.api.vault.VaultEvent.VaultCreated;
import io.agentledger.api.vault.VaultEvent.VaultRenamed;
import io.agentledger.api.vault.VaultId;
import io.agentledger.api.vault.VaultQuery.FindSecret;
import io.agentledger.api.vault.VaultQuery.FindVault;
import io.agentledger.api.vault.VaultQuery.ListSecrets;
import io.agentledger.api.vault.VaultQuery.ListVaults;
import io.agentledger.api.vault.VaultView;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.support.ProjectionCommitSignal;
import io.agentledger.query.QueryTestSupport;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.GenericMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class VaultQueryHandlerIT extends QueryTestSupport {
  @Autowired private DeadLetterReader deadLetters;

  private final Map<VaultId, Long> numbers = new HashMap<>();

  /** Lists are sorted by time in milliseconds, so every event gets its own time. */
  private Instant now = Instant.now();

  private VaultId created(String name) {
    var id = VaultId.next();
    append(new VaultCreated(id, UserId.next(), name));
    return id;
  }

  private void append(VaultEvent event) {
    long number = numbers.merge(event.vaultId(), 0L, (was, first) -> was + 1);
    append(
        List.of(
            new GenericDomainEventMessage<>(
                "Vault",
                event.vaultId().value(),
                number,
                new GenericMessage<>(event, provenance()),
                now = now.plusMillis(1))));
  }

  private void appendSecretPut(VaultId vault, String name) {
    append(new SecretPut(vault, name, 1, SecretType.BASIC, "https://x/"));
  }

  @Test
  void writerReadsTheVaultImmediately() {
    var vault = created("mine");
    appendSecretPut(vault, "a");
    var view = query(new FindVault(TENANT, vault), VaultView.class);
    assertThat(view.name()).isEqualTo("mine");
    assertThat(view.secrets()).isEqualTo(1);
    assertThat(query(new FindSecret(TENANT, vault, "a"), SecretView.class).lastUsedAt()).isNull();
    sql.update("insert into vault_use values (?, 'a', '2026-11-20T09:00:00Z')", vault.value());
    assertThat(query(new FindSecret(TENANT, vault, "a"), SecretView.class).lastUsedAt())
        .isEqualTo("2026-11-20T09:00:00Z");
  }

  @Test
  void readerDoesNotWaitBehindADeadLetter() {
    var vault = created("mine");
    append(new VaultRenamed(vault, "\0")); // PostgreSQL rejects it.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> deadLetters.contains("vault", vault.value()));
    long before = System.nanoTime();
    assertThat(query(new FindVault(TENANT, vault), VaultView.class).name()).isEqualTo("mine");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isLessThan(ProjectionCommitSignal.TIMEOUT);
  }

  @Test
  void anotherTenantFindsNothing() {
    var vault = created("ours");
    appendSecretPut(vault, "a");
    var otherTenant = TenantId.next();
    query(new FindVault(TENANT, vault), VaultView.class); // The row exists.
    long before = System.nanoTime();
    notFound(
        "vault", vault.value(), () -> query(new FindVault(otherTenant, vault), VaultView.class));
    notFound("vault", vault.value(), () -> page(new ListSecrets(otherTenant, vault, first(10))));
    notFound(
        "vault",
        vault.value(),
        () -> query(new FindSecret(otherTenant, vault, "a"), SecretView.class));
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .as("the response time would disclose that it exists")
        .isLessThan(ProjectionCommitSignal.TIMEOUT);
    notFound("secret", "b", () -> query(new FindSecret(TENANT, vault, "b"), SecretView.class));
    assertThat(page(new ListVaults(otherTenant, true, first(10))).items()).isEmpty();
  }

  private static void notFound(String what, String id, Runnable question) {
    assertThatThrownBy(question::run)
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isEqualTo(new Rejection.NotFound(what, id)));
  }

  @Test
  void pagesAreBoundedAndJoin() {
    var newest = List.of(created("one"), created("two"), created("three")).reversed();
    append(new VaultArchived(newest.getLast()));
    // Until the projection has processed it.
    query(new FindVault(TENANT, newest.getLast()), VaultView.class);
    Page<VaultView> page = page(new ListVaults(TENANT, true, first(2)));
    assertThat(page.items()).extracting(VaultView::id).isEqualTo(newest.subList(0, 2));
    Page<VaultView> rest =
        page(new ListVaults(TENANT, true, new PageRequest(1, page.nextCursor())));
    assertThat(rest.items().getFirst().id()).isEqualTo(newest.getLast());
    assertThat(rest.items().getFirst().archivedAt()).isNotNull();
    assertThat(this.<VaultView>page(new ListVaults(TENANT, false, first(500))).items())
        .extracting(VaultView::id)
        .doesNotContain(newest.getLast());
    assertThatThrownBy(
            () -> page(new ListVaults(TENANT, false, new PageRequest(1, page.nextCursor()))))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isEqualTo(new Rejection.InvalidCursor()));

    var vault = newest.getFirst();
    for (var name : List.of("b", "c", "a")) appendSecretPut(vault, name);
    Page<SecretView> names = page(new ListSecrets(TENANT, vault, first(2)));
    assertThat(names.items()).extracting(SecretView::name).containsExactly("a", "b");
    Page<SecretView> more =
        page(new ListSecrets(TENANT, vault, new PageRequest(2, names.nextCursor())));
    assertThat(more.items()).extracting(SecretView::name).containsExactly("c");
    assertThat(more.nextCursor()).isNull();
  }

  @Test
  void auditCursorIsValidForItsFilterOnly() {
    for (int i = 0; i < 3; i++) created("audited");
    assertThat(this.<AuditView>page(new ListAudit(TENANT, AuditFilter.ALL, first(10))).items())
        .isEmpty(); // The event has no request source.
    assertThatThrownBy(
            () -> page(new ListAudit(TENANT, AuditFilter.ALL, new PageRequest(1, "forged"))))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isEqualTo(new Rejection.InvalidCursor()));
  }
}
