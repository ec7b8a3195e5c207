package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of spending by month. */
public interface MonthlySpendingRowRepository extends JpaRepository<MonthlySpendingRow, String> {}
