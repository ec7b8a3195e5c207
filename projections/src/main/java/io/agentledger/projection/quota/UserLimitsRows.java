package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** The limits of people. */
public interface UserLimitsRows extends JpaRepository<UserLimitsRow, String> {}
