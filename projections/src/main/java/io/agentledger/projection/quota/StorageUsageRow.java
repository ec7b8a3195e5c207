package io.agentledger.projection.quota;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Storage of a user on one node as measured last, with later claims. */
@Entity
@Table(name = "quota_storage_row")
@SuppressWarnings("NullAway.Init")
public class StorageUsageRow {
  /** Node name of storage that was claimed and not measured yet. */
  static final String CLAIMED = "";

  @Id private String id;
  private String tenant;
  private String userId;
  private String node;
  private long bytes;

  protected StorageUsageRow() {}

  StorageUsageRow(String tenant, String user, String node) {
    this.id = idOf(tenant, user, node);
    this.tenant = tenant;
    this.userId = user;
    this.node = node;
  }

  static String idOf(String tenant, String user, String node) {
    return tenant + "/" + user + "/" + node;
  }

  void setBytes(long measured) {
    bytes = measured;
  }

  void addBytes(long claimed) {
    bytes = Math.addExact(bytes, claimed);
  }
}
