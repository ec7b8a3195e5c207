package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** What people spent, by month. */
public interface Months extends JpaRepository<MonthRow, String> {}
