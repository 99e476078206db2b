"""Names in Latin letters that people in Chinese chats bear; written down from general knowledge."""

from __future__ import annotations

from typing import Final

from curation.pii.name_lists import words

FIRST_NAMES: Final = words(
    "Aaron Abby Abigail Adam Adrian Aiden Alan Albert Alex Alexander Alexis Alfred Alice Alicia "
    "Allen Allison Alvin Amanda Amber Amelia Amy Andrew Andy Angela Anita Anna Annie Anthony "
    "Ariel Arthur Ashley Audrey Austin Ava Barbara Bella Ben Benjamin Bernard Beth Betty "
    "Beverly Bill Billy Blake Bob Bobby Bonnie Brandon Brenda Brian Bruce Caleb Cameron Candy "
    "Carl Carol Caroline Carrie Catherine Cathy Cecilia Celine Charles Charlie Chelsea Chloe "
    "Chris Christina Christine Christopher Cindy Claire Clara Cody Colin Connie Craig Crystal "
    "Curtis Cynthia Daisy Dan Daniel Danny Daphne Darren Dave David Debbie Deborah Dennis Derek "
    "Derrick Diana Dora Doris Dorothy Douglas Dylan Eason Echo Eddie Edison Edward Edwin Eileen "
    "Elaine Eleanor Elena Elijah Elizabeth Ella Ellen Elsa Elsie Elva Emilia Emily Emma Eric "
    "Erica Ethan Eugene Eunice Eva Evan Eve Evelyn Felix Fiona Flora Florence Frances Frank "
    "Freddy Gabriel Gary Gavin Gemma George Gina Gloria Gordon Grace Greg Hannah Harry Hazel "
    "Heather Helen Henry Howard Hugo Ian Irene Iris Isaac Isabel Isabella Ivan Ivy Jack Jackie "
    "Jackson Jacky Jacob Jade Jake James Jane Janet Jasmine Jason Jasper Jay Jeff Jennifer "
    "Jenny Jeremy Jerry Jesse Jessica Jessie Jill Jim Jimmy Joan Joanna Jocelyn Joe Joel Joey "
    "John Johnny Jonathan Jordan Joseph Josh Joshua Joyce Judy Julia Julie Juliet June Justin "
    "Karen Kate Katherine Kathy Katie Keith Kelly Kelvin Ken Kenny Kevin Kitty Kyle Lana Larry "
    "Laura Lauren Lena Leo Leon Leonard Leslie Liam Lillian Lily Linda Lisa Logan Lorraine "
    "Louis Louise Lucas Lucy Luke Luna Lydia Mabel Maggie Mandy Marcus Maria Mark Martin Mary "
    "Mason Matt Matthew Mavis Max Maxine May Megan Melissa Melody Mia Michael Michelle Mike "
    "Mindy Miranda Molly Monica Morgan Nancy Natalie Nathan Nathaniel Neil Nicholas Nick Nicole "
    "Nina Noah Nora Norman Olive Oliver Olivia Oscar Owen Pamela Patrick Paul Paula Pauline "
    "Peggy Penny Peter Philip Phoebe Phyllis Priscilla Queenie Rachel Ray Raymond Rebecca "
    "Regina Rex Richard Ricky Rita Robert Robin Roger Roland Ronald Rosa Rose Roxanne Roy Ruby "
    "Russell Ryan Sabrina Sally Sam Samantha Sandy Sarah Sasha Scott Sean Sebastian Selina "
    "Serena Seth Sharon Sherry Shirley Silvia Simon Sonia Sophia Sophie Stanley Stella Stephen "
    "Steve Steven Sue Susan Suzy Sylvia Ted Teresa Terry Theo Theresa Thomas Tiffany Tim Timmy "
    "Tina Toby Todd Tom Tommy Tony Tracy Travis Trevor Troy Vanessa Vera Veronica Vicky Victor "
    "Victoria Vincent Viola Violet Vivian Walter Warren Wayne Wendy Wesley Willa William Wilson "
    "Winnie Xavier Yolanda Yuki Yvonne Zack Zara Zoe"
)
"""English first names."""

SURNAMES: Final = words(
    "Wong Chan Cheung Leung Lam Lau Ng Ho Kwok Tsang Yip Yeung Tang Fung Chow Cheng Lee Tsai "
    "Hsu Huang Wang Li Zhang Liu Chen Yang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo "
    "Zheng Liang Xie Song Deng Han Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du "
    "Ye Wei Su Lu Ding Ren Shen Yao Zhong Tan Fan Jin Shi Liao Xiong Meng Qin Bai Zou Xue Yan "
    "Lei Hou Long Tao Qian Kang Hao Kong Shao Mao Wan Gu Lai Yin"
)
"""Chinese surnames as they are written in Latin letters, in Hong Kong, Taiwan and the mainland."""
