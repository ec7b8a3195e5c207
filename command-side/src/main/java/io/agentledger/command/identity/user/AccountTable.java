package io.agentledger.command.identity.user;

import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.SuspendedTenants;
import io.agentledger.command.support.TenantMembership;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Table of accounts: email addresses as keyed digests, passwords as hashes. It is written in the
 * transaction of the events; a unique index decides between two users who want one address at once.
 */
public final class AccountTable implements LastAdminGuard, TenantMembership {
  private static final String ALGORITHM = "HmacSHA256";

  private final JdbcClient sql;
  private final SecretKeySpec digestKey;

  /**
   * @param digestSecret the same on every node
   */
  public AccountTable(JdbcClient sql, byte[] digestSecret) {
    this.sql = sql;
    this.digestKey = new SecretKeySpec(digestSecret, ALGORITHM);
  }

  /**
   * Account whose password is checked, and whether it may log in.
   *
   * @param hash null while there is no password
   */
  public record Account(
      UserId user,
      TenantId tenant,
      Role role,
      boolean disabled,
      boolean suspended,
      @Nullable String hash) {
    /** Returns whether the user may sign in by any method. */
    public boolean canSignIn() {
      return !disabled && !suspended;
    }
  }

  /**
   * Returns the digest of an email address; text that is not an address has a digest of no account.
   */
  public byte[] digest(String email) {
    try {
      return digest(new EmailAddress(email));
    } catch (IllegalArgumentException e) {
      return mac("none\0" + email);
    }
  }

  private byte[] digest(EmailAddress address) {
    return mac("address\0" + address.comparable());
  }

  /** Returns a keyed digest of other text, which cannot be recovered from a table. */
  public byte[] mac(String text) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(digestKey);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Finds an account by the digest of its address and locks it against changes of its status until
   * the transaction ends.
   */
  public Optional<Account> find(byte[] digest) {
    return sql.sql(ACCOUNT + "where a.digest = ? for share of u, t")
        .param(digest)
        .query((row, n) -> account(row))
        .optional();
  }

  /** Finds an account by its user and locks it likewise. */
  public Optional<Account> find(UserId user) {
    return sql.sql(ACCOUNT + "where u.user_id = ? for share of u, t")
        .param(user.value())
        .query((row, n) -> account(row))
        .optional();
  }

  private static final String ACCOUNT =
      """
      select u.user_id, u.tenant, u.role, u.disabled, t.suspended, p.hash
      from identity_user u
      join identity_tenant t using (tenant)
      left join user_email a using (user_id)
      left join user_password p using (user_id)
      """;

  private static Account account(ResultSet row) throws SQLException {
    return new Account(
        new UserId(row.getString("user_id")),
        new TenantId(row.getString("tenant")),
        Role.valueOf(row.getString("role")),
        row.getBoolean("disabled"),
        row.getBoolean("suspended"),
        row.getString("hash"));
  }

  public boolean isEmailTaken(EmailAddress address) {
    return sql.sql("select exists (select 1 from user_email where digest = ?)")
        .param(digest(address))
        .query(Boolean.class)
        .single();
  }

  FirstAdminClaim firstAdminClaim() {
    return new FirstAdminClaim(sql);
  }

  /**
   * Claims an address for the user; rejects one that is in use. Waits for a concurrent claim of the
   * address.
   */
  void claimEmail(EmailAddress address, UserId user) {
    int inserted =
        sql.sql("insert into user_email (digest, user_id) values (?, ?) on conflict do nothing")
            .params(digest(address), user.value())
            .update();
    if (inserted == 0) throw emailTaken();
  }

  static RejectionException emailTaken() {
    return new RejectionException(
        new IdentityRefused(
            "email_taken",
            "This email address is already in use. POST /auth/login signs in with it."));
  }

  /** Sets or replaces the password hash. */
  public void setHash(UserId user, String hash) {
    sql.sql(
            """
            insert into user_password (user_id, hash) values (?, ?)
            on conflict (user_id) do update set hash = excluded.hash, set_at = now()\
            """)
        .params(user.value(), hash)
        .update();
  }

  /**
   * Locks all admins until the transaction ends, so that of two admins who demote each other one is
   * rejected.
   */
  @Override
  public void requireAnotherAdmin(TenantId tenant, UserId excludedUser) {
    var admins =
        sql.sql(
                """
                select user_id from identity_user
                where tenant = ? and role = 'ADMIN' and not disabled
                order by user_id for update\
                """)
            .param(tenant.value())
            .query(String.class)
            .list();
    if (admins.stream().allMatch(excludedUser.value()::equals))
      throw new RejectionException(
          new IdentityRefused(
              "last_admin",
              "The tenant would be left without an admin. PATCH /users/{id} makes another user an"
                  + " admin."));
  }

  @Override
  public Optional<Role> findActiveRole(TenantId tenant, UserId user) {
    return sql.sql(
            "select role from identity_user u where user_id = ? and tenant = ? and not disabled"
                + " and not "
                + SuspendedTenants.contain("u.tenant"))
        .params(user.value(), tenant.value())
        .query(String.class)
        .optional()
        .map(Role::valueOf);
  }

  @Override
  public boolean isSuspended(TenantId tenant) {
    return findSuspended(tenant).orElse(false);
  }

  /** Returns whether the tenant exists and is not suspended. */
  boolean isTenantActive(TenantId tenant) {
    return !findSuspended(tenant).orElse(true);
  }

  private Optional<Boolean> findSuspended(TenantId tenant) {
    return sql.sql("select suspended from identity_tenant where tenant = ?")
        .param(tenant.value())
        .query(Boolean.class)
        .optional();
  }
}
