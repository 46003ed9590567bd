"""Jobs run when they are due, one at a time, and outlive their failures."""

import asyncio

from bot.jobs.schedule import Schedule


def test_a_job_runs_at_once_and_again():
    times = []

    async def run():
        again = asyncio.Event()

        async def job():
            times.append(1)
            if len(times) == 2:
                again.set()

        async with Schedule() as schedule:
            schedule.every(0.02, job, "something is done")
            async with asyncio.timeout(10):
                await again.wait()

    asyncio.run(run())

    assert len(times) >= 2


def test_a_job_that_takes_long_never_runs_beside_itself():
    async def run():
        most, at_work, begun = [0], [0], asyncio.Event()

        async def job():
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
            begun.set()
            await asyncio.sleep(0.1)
            at_work[0] -= 1

        async with Schedule() as schedule:
            schedule.every(0.01, job, "something slow is done")
            await begun.wait()
            await asyncio.sleep(0.15)
        return most[0]

    assert asyncio.run(run()) == 1


def test_a_job_that_fails_is_logged_and_runs_again(caplog):
    async def run():
        times, again = [], asyncio.Event()

        async def job():
            times.append(1)
            if len(times) == 2:
                again.set()
            raise ZeroDivisionError

        async with Schedule() as schedule:
            schedule.every(0.02, job, "something fails")
            async with asyncio.timeout(10):
                await again.wait()

    asyncio.run(run())

    assert "something fails" in caplog.text
