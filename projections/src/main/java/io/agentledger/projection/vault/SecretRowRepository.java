package io.agentledger.projection.vault;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Rows of all secrets; callers must check access to the vault first. */
public interface SecretRowRepository extends JpaRepository<SecretRow, SecretKey> {
  /** Returns secrets by name, after the given one. */
  @Query(
      """
      select s from SecretRow s
      where s.key.vaultId = :vault and s.key.name > :after
      order by s.key.name
      """)
  List<SecretRow> page(String vault, String after, Limit limit);

  @Modifying(flushAutomatically = true, clearAutomatically = false)
  @Query("delete from SecretRow s where s.key.vaultId = :vault")
  void deleteByVault(String vault);
}
