package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** What runs in progress hold. */
public interface ReservationRowRepository extends JpaRepository<ReservationRow, String> {}
