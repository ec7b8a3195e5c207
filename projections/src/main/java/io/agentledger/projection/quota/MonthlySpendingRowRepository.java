package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** What people spent, by month. */
public interface MonthlySpendingRowRepository extends JpaRepository<MonthlySpendingRow, String> {}
