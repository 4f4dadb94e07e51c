"""What keeps the rows of `state` true."""

from __future__ import annotations

from tests.localcloud.matrix.proof import AWS, CLOUDFLARE, HOST, NotShown, Proof, shown

_DYNAMODB = f"{AWS}/dynamodb"
_D1 = f"{HOST}/d1.test.mjs"

PROOFS = {
    "consistency": Proof(
        aws=shown(
            f"{_DYNAMODB}/test_items.py::test_fifty_writers_lose_no_increment",
            f"{_DYNAMODB}/test_durability.py::test_what_was_answered_survives_a_kill",
        ),
        cloudflare=shown(
            f"{CLOUDFLARE}/test_storage.py::test_no_update_is_lost",
            f"{CLOUDFLARE}/test_storage.py::test_what_was_answered_survives_every_kill",
        ),
    ),
    "value-size": Proof(
        aws=shown(f"{_DYNAMODB}/test_items.py::test_the_largest_key_and_item_are_taken"),
        cloudflare=shown(f"{_D1}::holds 2 MB in a row, all columns together"),
    ),
    "throughput": Proof(
        aws=NotShown("The local DynamoDB is as fast as its machine: it counts capacity, and throttles nobody."),
        cloudflare=NotShown(
            "One process serves all local databases, one query after another, at the machine's own rate."
        ),
    ),
    "time-to-live": Proof(
        aws=shown(f"{_DYNAMODB}/test_upkeep.py::test_items_end_some_time_after_their_end"),
        cloudflare=shown(
            "tests/workers/parallax_cloudflare/test_state.py::test_what_has_expired_is_taken_away_by_later_writes"
        ),
    ),
    "recovery": Proof(
        aws=shown(f"{_DYNAMODB}/test_tables.py::test_time_to_live_and_recovery_are_described"),
        cloudflare=NotShown("The local D1 keeps no history: it answers 501 to a restore, and says so."),
    ),
    "schema": Proof(
        aws=shown(f"{_DYNAMODB}/test_items.py::test_items_come_back_as_they_were"),
        cloudflare=shown(
            f"{CLOUDFLARE}/d1/test_d1.py::test_queries_that_are_refused",
            "tests/components/cloudflare/test_migrations.py::test_our_own_migrations_make_the_table",
        ),
    ),
    "key-size": Proof(
        aws=shown(
            f"{_DYNAMODB}/test_items.py::test_the_largest_key_and_item_are_taken",
            f"{_DYNAMODB}/test_items.py::test_what_dynamodb_refuses",
        ),
        cloudflare=NotShown("There is no limit of a key's own, so there is nothing to run into."),
    ),
    "transactions": Proof(
        aws=shown(
            f"{_DYNAMODB}/test_transactions.py::test_all_four_kinds_at_once",
            f"{_DYNAMODB}/test_transactions.py::test_one_reason_for_each_and_nothing_written",
            f"{_DYNAMODB}/test_transactions.py::test_what_transactions_refuse",
            f"{_DYNAMODB}/test_transactions.py::test_a_token_makes_a_repetition_harmless",
        ),
        cloudflare=shown(
            f"{_D1}::does a batch whole or not at all",
            f"{CLOUDFLARE}/d1/test_d1.py::test_a_batch_is_done_whole_or_not_at_all",
        ),
    ),
    "ordering": Proof(
        aws=shown(f"{_DYNAMODB}/test_queries.py::test_order_is_by_bytes_and_by_number"),
        cloudflare=shown("tests/workers/parallax_cloudflare/test_state.py::test_a_list_is_ordered_by_bytes"),
    ),
    "query-limits": Proof(
        aws=shown(f"{_DYNAMODB}/test_queries.py::test_a_page_ends_at_a_megabyte"),
        cloudflare=shown(
            f"{_D1}::refuses ${{sql.slice(0, 60)}}",
            f"{HOST}/storage.test.mjs::is started anew when a query takes too long, with what was committed",
        ),
    ),
    "store-size": Proof(
        aws=NotShown("There is no limit, so there is nothing to run into."),
        cloudflare=shown(f"{_D1}::says when it is as large as it may be, and takes more once something is gone"),
    ),
    "placement": Proof(
        aws=NotShown("One machine stands for every region; nothing of it is far away."),
        cloudflare=NotShown("One machine stands for every data centre; a location hint is taken and changes nothing."),
    ),
}
