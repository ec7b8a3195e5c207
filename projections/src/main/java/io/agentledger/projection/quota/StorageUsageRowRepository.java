package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** What people take up. */
public interface StorageUsageRowRepository extends JpaRepository<StorageUsageRow, String> {}
