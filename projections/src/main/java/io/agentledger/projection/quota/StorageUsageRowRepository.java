package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of storage usage. */
public interface StorageUsageRowRepository extends JpaRepository<StorageUsageRow, String> {}
