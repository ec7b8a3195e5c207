package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** What people take up. */
public interface Storages extends JpaRepository<StorageRow, String> {}
